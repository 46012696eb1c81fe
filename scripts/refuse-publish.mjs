// Refuses `npm publish` in a clone, because a published package must come from a release that has passed its
// checks.
console.error(
  'Publish the tarball that `npm run release` makes in dist/release. CONTRIBUTING.md, "Release", describes the steps.',
);
process.exitCode = 1;
