"""Wire formats of message streams, spoken within the budget of a fetch: RESP and MQTT."""
