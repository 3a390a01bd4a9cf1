#!/bin/sh
# Composes the supergraph as GraphQL Mesh does, and serves it by Hive Gateway.
set -eu
peers="$1"
# The programs themselves name any node of PATH.
"$NODE" "$peers/node_modules/.bin/mesh-compose" -c "$peers/mesh/mesh.config.js" -o supergraph.graphql
exec "$NODE" "$peers/node_modules/.bin/hive-gateway" supergraph supergraph.graphql --host 127.0.0.1 --port "$PORT" --jit
