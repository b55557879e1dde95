#!/bin/sh
# Makes the two secrets of compose.yaml, once. The folder is its owner's; in it the files can be read by the users of the
# containers, into which Compose mounts each file alone.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir secrets
password=$(openssl rand -hex 32)
printf '%s' "$password" > secrets/database
cat > secrets/server.env <<END
PROPUSK_MASTER_KEY=$(openssl rand -base64 32)
PROPUSK_DATABASE_URL=postgres://propusk:$password@database:5432/propusk
END
chmod 444 secrets/database secrets/server.env
