/**
 * A script for GraphiQL's page, to run before all others: nothing that is typed outlives the tab.
 *
 * GraphiQL writes queries, variables and headers to `localStorage`, and so card numbers and tokens to the disk. This
 * script lets pass only preferences from a fixed list, with values of a fixed form, and removes what earlier versions
 * stored. GraphiQL reads the rest at its start only, so that nothing is missing until then.
 */
export const storageScript = `(() => {
  const size = /^(?:hide-first|hide-second|\\d{1,5}(?:\\.\\d{1,20})?)$/;
  const preferences = new Map([
    ['graphiql:theme', /^(?:light|dark)$/],
    ['graphiql:docExplorerFlex', size],
    ['graphiql:editorFlex', size],
    ['graphiql:secondaryEditorFlex', size],
  ]);
  const isPreference = (key, value) => preferences.get(String(key))?.test(String(value)) ?? false;

  // Of localStorage and of sessionStorage, which browsers write to the disk too.
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    if (isPreference(key, value)) setItem.call(this, key, value);
  };

  try {
    for (const key of Object.keys(localStorage)) {
      const isKept = !key.startsWith('graphiql') || isPreference(key, localStorage.getItem(key));
      if (!isKept) localStorage.removeItem(key);
    }
  } catch {
    // The browser allows no storage, so there is nothing to remove.
  }

  // To restore a page, browsers store what its inputs contain, unless they are marked.
  document.addEventListener('focusin', ({ target }) => {
    if (target.matches('input, textarea')) target.setAttribute('autocomplete', 'off');
  });
})();`;
