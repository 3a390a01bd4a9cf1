/** The major version of Node that executes this. */
export const nodeMajor = Number.parseInt(process.versions.node, 10);
