npx graphql-codegen --config codegen.ts
