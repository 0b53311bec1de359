#!/bin/sh
# search-key.sh URL makes the key by which the application uses Meilisearch: one
# that can only do what it does, on its own indexes only. The server derives a
# key from its uid and the master key, so deploy/settings.sh knows it beforehand.
# Running it again changes nothing.
set -eu
status="$(curl -s -o /tmp/answer -w '%{http_code}' "$1/keys" \
	-H "Authorization: Bearer $MEILI_MASTER_KEY" -H 'Content-Type: application/json' -d '{
		"uid": "6a696e67-6865-4000-8000-000000000001", "name": "jinghe", "indexes": ["jinghe_*"], "expiresAt": null,
		"actions": ["search", "documents.add", "documents.get", "documents.delete", "indexes.create", "indexes.delete",
			"indexes.swap", "settings.get", "settings.update", "tasks.get", "stats.get"]
	}')"
case "$status" in
201 | 409) ;; # made now, or there already
*)
	cat /tmp/answer >&2
	exit 1
	;;
esac
