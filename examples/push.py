# Send a file: PUSH_KEY=… python push.py https://centre.example.gov.cn xinjin rows.csv
# Exit code: 0 taken, 1 nothing of it was taken, 2 the centre could not be reached.
import hashlib
import hmac
import http.client
import json
import os
import secrets
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

KINDS = {".csv": "text/csv", ".json": "application/json", ".jsonl": "application/x-ndjson"}
SCHEMES = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class Centre:
    def __init__(self, url, source, key):
        self.url, self.source, self.key = urlsplit(url), source, key.encode()

    def send(self, body, kind, tries=10, pause=1.0):
        """Return (status, answer); raises OSError when the centre cannot be reached."""
        # The same body has the same name: sent twice, also after a crash, it counts once.
        name = hashlib.sha256(body).hexdigest()
        for number in range(tries):
            try:
                status, answer = self.post(body, kind, name)
                if status not in (429, 500, 502, 503, 504):
                    return status, answer
            except (OSError, http.client.HTTPException, ValueError) as error:
                answer = repr(error)
            time.sleep(min(60, pause * 2**number) * secrets.randbelow(1000) / 1000)
        raise OSError(f"not sent: {answer}")

    def post(self, body, kind, name):
        wire = SCHEMES[self.url.scheme](self.url.hostname, self.url.port, timeout=30)
        headers = {"Content-Type": kind, **self.signed(body, name)}  # a new nonce with each try
        wire.request("POST", f"/api/v1/push/{self.source}", body, headers)
        with wire.getresponse() as response:
            return response.status, json.load(response)

    def signed(self, body, name):
        seconds, nonce = str(int(time.time())), secrets.token_hex(16)
        text = "\n".join((self.source, seconds, nonce, name, "")).encode() + body
        signature = "sha256=" + hmac.new(self.key, text, hashlib.sha256).hexdigest()
        said = {"X-Timestamp": seconds, "X-Nonce": nonce, "Idempotency-Key": name}
        return {**said, "X-Signature": signature}


if __name__ == "__main__":
    url, source, file = sys.argv[1:]
    rows, kind = Path(file).read_bytes(), KINDS[Path(file).suffix]
    try:
        status, answer = Centre(url, source, os.environ["PUSH_KEY"]).send(rows, kind)
    except OSError as error:
        status, answer = None, str(error)
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    sys.exit({202: 0, None: 2}.get(status, 1))
