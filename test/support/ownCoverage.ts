// For `npm run mutation`: test files share a worker there, but each is to report what it covered by itself.
const { __stryker__: stryker } = globalThis as {
  readonly __stryker__?: { readonly mutantCoverage?: { static: unknown; perTest: unknown } };
};
if (stryker?.mutantCoverage !== undefined) {
  stryker.mutantCoverage.static = {};
  stryker.mutantCoverage.perTest = {};
}

export {};
