// Runs before each file of unit tests.

if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  // Parts of the widget are loaded on demand, which takes more than the default second on a busy machine.
  configure({ asyncUtilTimeout: 15_000 });
}
