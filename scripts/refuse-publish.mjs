// `npm publish` in a clone: what is published must come from a release, whose checks have passed.
console.error(
  'Publish the tarball that `npm run release` makes in dist/release. CONTRIBUTING.md, "Release", says how.',
);
process.exitCode = 1;
