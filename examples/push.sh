#!/bin/sh
# Send a file of rows to the centre, again and again until it is there; needs curl and openssl.
#
#     PUSH_KEY=… sh push.sh https://centre.example.gov.cn xinjin rows.csv
#
# Exit code: 0 taken, 1 nothing of it was taken, 2 the centre could not be reached.
# While openssl runs, users of this machine can see the key among its arguments.
set -u
host=$1 source=$2 file=$3

case $file in
*.csv) kind=text/csv ;;
*.json) kind=application/json ;;
*.jsonl) kind=application/x-ndjson ;;
*) echo "$file: name it .csv, .json or .jsonl" >&2 && exit 1 ;;
esac

# The same file has the same key: sent twice, also after a crash, it counts once.
key=$(openssl dgst -sha256 "$file" | sed 's/^.* //')
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

for wait in 1 2 4 8 16 32 60 60 60 0; do
    seconds=$(date +%s)
    nonce=$(openssl rand -hex 16)
    signature=$({
        printf '%s\n%s\n%s\n%s\n' "$source" "$seconds" "$nonce" "$key"
        cat "$file"
    } | openssl dgst -sha256 -hmac "$PUSH_KEY" | sed 's/^.* //')
    status=$(curl -sS --max-time 30 -o "$answer" -w '%{http_code}' \
        -H "Content-Type: $kind" -H "X-Timestamp: $seconds" -H "X-Nonce: $nonce" \
        -H "Idempotency-Key: $key" -H "X-Signature: sha256=$signature" \
        --data-binary "@$file" "$host/api/v1/push/$source")
    case $status in
    202) cat "$answer" && exit 0 ;;
    000 | 429 | 5??) sleep "$wait" ;;
    *) cat "$answer" && exit 1 ;;
    esac
done
echo "not sent: HTTP $status" >&2
exit 2
