node introspection.js
