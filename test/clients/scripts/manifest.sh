npx generate-persisted-query-manifest
