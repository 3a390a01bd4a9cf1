mkdir -p generated/relay
[ -f generated/relay-documents.json ] || echo '{}' > generated/relay-documents.json
npx relay-compiler
