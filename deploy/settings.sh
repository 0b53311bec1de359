#!/bin/sh
# settings.sh prints an .env for docker-compose.yml with passwords made now.
set -eu
command -v openssl >/dev/null || {
	echo "settings.sh: openssl is missing; install it, or fill in .env by hand from .env.example" >&2
	exit 1
}
word() { # n before it: NATS takes a word of digits for a number
	printf 'n%s' "$(openssl rand -hex 24)"
}
master="$(word)"
# As Meilisearch derives a key: HMAC-SHA256 of its uid under the master key.
key="$(printf '6a696e67-6865-4000-8000-000000000001' | openssl dgst -sha256 -hmac "$master" | sed 's/.*[ =]//')"
cat <<EOF
# Made by deploy/settings.sh. Keep it: the volumes know these passwords.
JINGHE_PORT=8080
POSTGRES_PASSWORD=$(word)
NATS_PASSWORD=$(word)
MEILI_MASTER_KEY=$master
JINGHE_MEILISEARCH_KEY=$key
JINGHE_SECRET_KEY=$(openssl rand -hex 32)
EOF
