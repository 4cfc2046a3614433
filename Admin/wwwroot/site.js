// What cannot be done on the server: cookies that a page sets, the skip link, the top of a list, clicks on what moves, forms that are sent
// once, the focus, and the notice of a lost connection.
window.site = {
  setTheme(theme) {
    document.cookie = `theme=${theme ?? ''}; path=/; max-age=${theme ? 31536000 : 0}; samesite=strict`;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  },
  focusRefusedField() {
    document.querySelector(':is([role=dialog], main form) [aria-invalid=true]')?.focus();
  },
  async keepSignedIn(offer) {
    try {
      await fetch('/sign-in/keep', {
        method: 'POST',
        headers: { Offer: offer, RequestVerificationToken: document.querySelector('input[name=__RequestVerificationToken]').value },
      });
    } catch {
      // This page goes on. Only the next asks for the password again.
    }
  },
};

document.addEventListener('click', event => {
  if (event.target.closest?.('.skip-link')) {
    event.preventDefault();
    document.getElementById('content')?.focus();
  }

  // Another page of a list begins at its top.
  if (event.target.closest?.('nav.page-actions a')) {
    window.scrollTo(0, 0);
    document.querySelector('main h1')?.focus({ preventScroll: true });
  }
});

// What the server shows while a button is pressed may move it away from a pointer that stands still: the browser would not click it then.
let press = null;
window.addEventListener('pointerdown', ({ target, clientX, clientY }) => {
  press = { target, clientX, clientY, place: target.getBoundingClientRect() };
}, true);
window.addEventListener('click', event => {
  const { target, clientX, clientY, place } = press ?? {};
  press = null;
  if (!target?.isConnected || event.target === target || !event.target.contains(target)) return;
  const hasPointerMoved = Math.hypot(event.clientX - clientX, event.clientY - clientY) > 5;
  const { left, top } = target.getBoundingClientRect();
  if (hasPointerMoved || (left === place.left && top === place.top)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  target.dispatchEvent(new PointerEvent('click', event));
}, true);

// The Enter key chooses from a list of suggestions; one that is not there yet must not send the form instead.
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.target.matches('form input[role=combobox]')) event.preventDefault();
});

// MudBlazor hears the keys of a dialog a round trip after it is there: until then the Escape key waits.
function escapeOnceHeard(dialog) {
  if (!dialog.isConnected) return;
  if (!dialog.mudKeyInterceptor) setTimeout(escapeOnceHeard, 50, dialog);
  else dialog.querySelector('[role=dialog]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true }));
}

// The key that opens a dialog goes up in its first field, whose list would open and could take the next key for a choice.
let pressed = null;
window.addEventListener('keydown', event => {
  pressed = event.target;
  // It closes a list of suggestions, and would close the dialog around it, too.
  if (event.key === 'Escape' && pressed.matches('[role=dialog] [aria-expanded=true]')) {
    event.stopImmediatePropagation();
    pressed.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', code: 'ArrowUp', altKey: true, bubbles: true }));
    return;
  }
  const dialog = pressed.closest('.mud-dialog-container');
  if (event.key === 'Escape' && dialog && !dialog.mudKeyInterceptor) escapeOnceHeard(dialog);
}, true);
window.addEventListener('keyup', event => {
  if (event.key === 'Enter' && event.target !== pressed) event.stopImmediatePropagation();
}, true);

// Beyond the ends of a dialog are two stops each, from which MudBlazor brings the focus back by way of the server: too late for who presses
// the Tab key quickly.
window.addEventListener('focus', event => {
  const bumper = '.mud-focus-trap > .pointer-events-none';
  if (!event.target.matches?.(bumper)) return;
  const stops = [...getTabbableElements(event.target.parentElement)].filter(stop => !stop.matches(bumper) && stop.checkVisibility());
  if (stops.length === 0) return;
  event.stopImmediatePropagation();
  const isAtEnd = event.target.compareDocumentPosition(stops[0]) & Node.DOCUMENT_POSITION_PRECEDING;
  stops.at(isAtEnd ? 0 : -1).focus();
}, true);

// The menu lies over a narrow page, as a dialog does.
document.addEventListener('keydown', event => {
  const overlay = document.querySelector('.mud-drawer-overlay');
  if (event.key !== 'Escape' || !overlay?.checkVisibility()) return;
  overlay.click();
  document.querySelector('.mud-appbar [aria-label=Navigation]').focus();
});

// The second click of a double click would sign in twice, and use the code of the second factor twice.
let sent = -Infinity;
document.addEventListener('submit', event => {
  if (event.target.method !== 'post') return;
  if (event.timeStamp - sent < 1_000) event.preventDefault();
  sent = event.timeStamp;
});

// The focus goes to the heading of a page, or of a question in it, and to the first field of a dialog, as soon as they are there. The server
// would move it a round trip later, and take it away from who types already. What is removed while it has the focus leaves it to what is
// next to it: otherwise the Tab key would begin at the top of the page. What is disabled as long as it works on a click has it again then.
const focusedBefore = new Map();
let focused = null;
let clicked = null;

document.addEventListener('click', event => clicked = event.target);
document.addEventListener('focusin', event => focused = event.target);
document.addEventListener('focusout', ({ target }) => queueMicrotask(() => {
  // Not where it is being removed or disabled.
  if (focused === target && target.isConnected && !target.disabled) focused = null;
}));

new MutationObserver(changes => {
  const removalOf = element => changes.find(change => [...change.removedNodes].some(node => node.contains(element)));
  for (let [dialog, element] of focusedBefore) {
    // A row that is deleted may go before its dialog does, or at the same time.
    if (!element.isConnected) focusedBefore.set(dialog, element = nextTo(removalOf(element)) ?? document.body);
    if (!dialog.isConnected) {
      focusedBefore.delete(dialog);
      if (document.activeElement === document.body) element.focus();
      if (document.activeElement === document.body) nextTo({ target: element })?.focus();
    }
  }

  const added = changes.flatMap(change => [...change.addedNodes]).filter(node => node.isConnected && node.nodeType === Node.ELEMENT_NODE);
  for (const dialog of added.flatMap(node => find(node, '.mud-focus-trap'))) {
    // A node is found again with each added ancestor.
    if (focusedBefore.has(dialog)) continue;
    focusedBefore.set(dialog, document.activeElement);
    (dialog.querySelector('input, textarea') ?? dialog.closest('[role=dialog]')).focus();
  }

  if (focusedBefore.size === 0) added.flatMap(node => find(node, 'main :is(h1, [data-takes-focus])'))[0]?.focus();

  // What has just been disabled has the focus until the browser notices.
  if (focused && [document.body, focused].includes(document.activeElement)) {
    const isDisabledForGood = focused.disabled && !focused.contains(clicked);
    const next = !focused.isConnected ? nextTo(removalOf(focused)) : isDisabledForGood ? nextTo({ target: focused }) : focused;
    // To focus once more where the focus is would take apart the number that is being typed into a date.
    if (next !== document.activeElement) next?.focus({ preventScroll: true });
  }
}).observe(document.body, { attributeFilter: ['disabled'], childList: true, subtree: true });

function nextTo(removal) {
  // Not a filter above a list, which would open.
  const focusable = ['h1', 'h2[tabindex]', 'a[href]', 'button:enabled', 'input:enabled', 'textarea:enabled'].map(kind => `${kind}:not(search *)`).join();
  const firstIn = node => find(node, focusable).find(element => element.checkVisibility({ visibilityProperty: true }));
  for (let node = removal?.nextSibling; node; node = node.nextSibling) {
    const next = node.nodeType === Node.ELEMENT_NODE && firstIn(node);
    if (next) return next;
  }

  for (let node = removal?.target; node?.closest('main, [role=dialog]'); node = node.parentElement) {
    const next = firstIn(node);
    if (next) return next;
  }

  return document.querySelector('main h1');
}

function find(node, selector) {
  return node.matches(selector) ? [node] : [...node.querySelectorAll(selector)];
}

const notice = document.getElementById('components-reconnect-modal');

notice.addEventListener('components-reconnect-state-changed', async event => {
  const { state } = event.detail;
  // Nothing connects such a page again, and who looks at it reads or copies.
  if (notice.dataset.state === 'ended') return;
  if (state === 'hide') {
    notice.close();
  } else if (state === 'rejected') {
    // The site has restarted, or the page was away for too long.
    location.reload();
  } else {
    notice.dataset.state = state === 'failed' ? 'failed' : 'show';
    if (!notice.open) notice.showModal();
    if (await isSignedOut() && notice.open) notice.dataset.state = 'ended';
  }
});

// Sessions end with the site. Blazor would go on trying, though each try is refused.
async function isSignedOut() {
  try {
    // With the header it is a 401, without it the page that signs in.
    const answer = await fetch('_blazor/negotiate?negotiateVersion=1', { method: 'POST', headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    return answer.status === 401;
  } catch {
    return false;
  }
}

document.getElementById('connection-sign-in').addEventListener('click', () => location.reload());
document.getElementById('connection-look').addEventListener('click', () => notice.close());

document.getElementById('connection-retry').addEventListener('click', async () => {
  notice.dataset.state = 'show';
  try {
    if (!await Blazor.reconnect()) location.reload();
  } catch {
    notice.dataset.state = 'failed';
  }
});
