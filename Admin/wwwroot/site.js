// What cannot be done on the server: the cookie of the colors, the skip link, forms that are sent once, the focus, and the notice of a lost
// connection.
window.site = {
  setTheme(theme) {
    document.cookie = `theme=${theme ?? ''}; path=/; max-age=${theme ? 31536000 : 0}; samesite=strict`;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  },
};

document.addEventListener('click', event => {
  if (event.target.closest?.('.skip-link')) {
    event.preventDefault();
    document.getElementById('content')?.focus();
  }
});

// The second click of a double click would sign in twice, and use the code of the second factor twice.
let sent = -Infinity;
document.addEventListener('submit', event => {
  if (event.target.method !== 'post') return;
  if (event.timeStamp - sent < 1_000) event.preventDefault();
  sent = event.timeStamp;
});

// The focus goes to the heading of a page, and to the first field of a dialog, as soon as they are there. The server would move it a round
// trip later, and take it away from who types already.
const focusedBefore = new Map();

new MutationObserver(changes => {
  for (const [dialog, element] of focusedBefore) {
    if (!dialog.isConnected) {
      focusedBefore.delete(dialog);
      if (document.activeElement === document.body) element.focus();
    }
  }

  const added = changes.flatMap(change => [...change.addedNodes]).filter(node => node.isConnected && node.nodeType === Node.ELEMENT_NODE);
  for (const dialog of added.flatMap(node => find(node, '.mud-focus-trap'))) {
    // A node is found again with each added ancestor.
    if (focusedBefore.has(dialog)) continue;
    focusedBefore.set(dialog, document.activeElement);
    (dialog.querySelector('input, textarea') ?? dialog.closest('[role=dialog]')).focus();
  }

  if (focusedBefore.size === 0) added.flatMap(node => find(node, 'main h1'))[0]?.focus();
}).observe(document.body, { childList: true, subtree: true });

function find(node, selector) {
  return node.matches(selector) ? [node] : [...node.querySelectorAll(selector)];
}

const notice = document.getElementById('components-reconnect-modal');

notice.addEventListener('components-reconnect-state-changed', event => {
  const { state } = event.detail;
  if (state === 'hide') {
    notice.close();
  } else if (state === 'rejected') {
    // The site has restarted, or the page was away for too long.
    location.reload();
  } else {
    notice.dataset.state = state === 'failed' ? 'failed' : 'show';
    if (!notice.open) notice.showModal();
  }
});

document.getElementById('connection-retry').addEventListener('click', async () => {
  notice.dataset.state = 'show';
  try {
    if (!await Blazor.reconnect()) location.reload();
  } catch {
    notice.dataset.state = 'failed';
  }
});
