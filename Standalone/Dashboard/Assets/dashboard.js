// The dashboard's only script. Pages work without it; with it they update themselves, and links, filters and buttons
// change the page in place. The server renders all HTML; this swaps it in and keeps focus, selection and scroll.
'use strict';

const main = () => document.getElementById('main');
const maxLines = 5000;

// ---- Swapping in -------------------------------------------------------------------------------------------------

/** Makes a node's children those of another, reusing what is the same, so that the person's focus and selection stay. */
function morphChildren(from, to) {
  const keyed = new Map();
  for (const child of from.children) {
    if (child.id) keyed.set(child.id, child);
  }

  let current = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    let match = current;
    if (wanted.id && keyed.has(wanted.id)) {
      match = keyed.get(wanted.id);
      if (match !== current) from.insertBefore(match, current);
    } else if (!current || !isSameKind(current, wanted)) {
      from.insertBefore(wanted, current);
      continue;
    }

    current = match.nextSibling;
    morph(match, wanted);
  }

  while (current) {
    const next = current.nextSibling;
    current.remove();
    current = next;
  }
}

function isSameKind(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
}

function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }

  if (from.isEqualNode(to) || from.hasAttribute('data-keep')) return;
  for (const { name } of [...from.attributes]) {
    // Whether <details> is open is the person's choice.
    if (!to.hasAttribute(name) && !(name === 'open' && from.nodeName === 'DETAILS')) from.removeAttribute(name);
  }

  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }

  // What is being typed or chosen right now is newer than what the server knows.
  if (from !== document.activeElement) {
    if (from.nodeName === 'INPUT' && from.value !== to.getAttribute('value')) from.value = to.getAttribute('value') ?? '';
    if (from.nodeName === 'INPUT' && from.type === 'checkbox') from.checked = to.checked;
  }

  if (from.nodeName === 'SELECT' && from === document.activeElement) return;
  morphChildren(from, to);
  if (from.nodeName === 'SELECT') from.value = to.value;
}

function parse(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

// ---- Live updates ------------------------------------------------------------------------------------------------

let stream = null;
let paused = false;
let retry = 0;

function connect() {
  disconnect();
  // A hidden page needs no updates, and browsers allow few connections to one server.
  if (paused || document.hidden) return;
  const url = new URL(location.href);
  const lines = document.querySelector('[data-append]');
  if (lines?.lastElementChild) url.searchParams.set('after', lines.lastElementChild.value);
  stream = new EventSource(url);
  stream.onopen = () => showState('live');
  stream.addEventListener('page', event => {
    // The page is left alone while text in it is selected, so that it can be copied.
    if (getSelection().type !== 'Range') morphChildren(main(), parse(event.data));
  });
  stream.addEventListener('append', event => append(event.data));
  stream.onerror = () => {
    disconnect();
    showState('lost');
    retry = setTimeout(reconnect, 2000);
  };
}

/** An AppHost that was started anew has a new token: then the page has to be opened again, which leads to the login. */
async function reconnect() {
  const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => null);
  if (answer?.type === 'opaqueredirect') {
    location.reload();
  } else {
    connect();
  }
}

function disconnect() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
}

function append(html) {
  const list = document.querySelector('[data-append]');
  if (!list) return;
  const follows = isAtEnd(list);
  list.append(parse(html));
  while (list.children.length > maxLines) list.firstElementChild.remove();
  if (follows) list.scrollTop = list.scrollHeight;
}

const isAtEnd = element => element.scrollHeight - element.scrollTop - element.clientHeight < 40;

function showState(state) {
  const button = document.getElementById('live');
  if (!button) return;
  button.dataset.state = state;
  button.setAttribute('aria-pressed', String(state === 'live'));
  document.getElementById('live-text').textContent = { live: 'Live', paused: 'Paused', lost: 'Not connected' }[state];
}

function togglePause() {
  paused = !paused;
  if (paused) {
    disconnect();
    showState('paused');
  } else {
    connect();
  }
}

// ---- Going from page to page -------------------------------------------------------------------------------------

let visit = 0;
let typing = 0;

async function go(url, { replace = false, push = true } = {}) {
  // What was typed just before a click must not lead away from where the click leads.
  clearTimeout(typing);
  const mine = ++visit;
  let response;
  try {
    response = await fetch(url);
  } catch {
    toast('The dashboard does not answer. Was the AppHost stopped?', false);
    return;
  }

  const html = await response.text();
  if (mine !== visit) return;
  if (new URL(response.url).pathname === '/login') {
    location.href = response.url;
    return;
  }

  const next = new DOMParser().parseFromString(html, 'text/html');
  const samePage = new URL(response.url).pathname === location.pathname;
  if (push) history[replace ? 'replaceState' : 'pushState'](null, '', response.url);
  document.title = next.title;
  morphChildren(document.querySelector('header.bar nav'), next.querySelector('header.bar nav'));
  if (samePage) {
    morphChildren(main(), next.getElementById('main'));
  } else {
    main().replaceChildren(...next.getElementById('main').childNodes);
    main().focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  arrive();
}

function arrive() {
  const list = document.querySelector('[data-append]');
  if (list && !list.dataset.arrived) {
    list.dataset.arrived = 'true';
    list.scrollTop = list.scrollHeight;
  }

  connect();
}

function formUrl(form) {
  const url = new URL(form.action || location.href);
  url.search = '';
  for (const [name, value] of new FormData(form)) {
    if (value) url.searchParams.append(name, value);
  }

  return url;
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const href = link.href.baseVal ?? link.href;
  const url = new URL(href, location.href);
  if (url.origin !== location.origin || link.hasAttribute('download') || link.getAttribute('target') || url.hash) return;
  event.preventDefault();
  go(url);
});

addEventListener('popstate', () => go(location.href, { push: false }));

// ---- Filters and commands ----------------------------------------------------------------------------------------

function filter(form, wait) {
  clearTimeout(typing);
  const url = formUrl(form);
  typing = setTimeout(() => go(url, { replace: true }), wait);
}

document.addEventListener('input', event => {
  const form = event.target.closest('form[data-auto]');
  if (form) filter(form, event.target.type === 'search' ? 250 : 0);
});

document.addEventListener('submit', async event => {
  const form = event.target;
  if (form.matches('[data-auto]')) {
    event.preventDefault();
    filter(form, 0);
  } else if (form.matches('[data-command]')) {
    event.preventDefault();
    if (!form.dataset.confirm || await ask(form.dataset.confirm)) await command(form);
  }
});

async function command(form) {
  const button = form.querySelector('button');
  button.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } });
    const outcome = response.headers.get('content-type')?.includes('json') ? await response.json() : { succeeded: false, message: await response.text() };
    const name = button.getAttribute('aria-label') ?? button.textContent.trim();
    toast(outcome.message ?? `${name}: ${outcome.succeeded ? 'done' : 'failed'}`, outcome.succeeded);
  } catch {
    toast('The dashboard does not answer. Was the AppHost stopped?', false);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

function ask(question) {
  const dialog = document.getElementById('confirm');
  document.getElementById('confirm-text').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

function toast(text, good) {
  const note = document.createElement('p');
  note.className = good ? 'good' : 'bad';
  note.textContent = text;
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), good ? 5000 : 15000);
}

// ---- Keys, tips, theme -------------------------------------------------------------------------------------------

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    document.getElementById('close-details')?.click();
  }

  // Up and down walk through a list.
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target.matches?.('.row-link')) {
    const links = [...document.querySelectorAll('.row-link')];
    const next = links[links.indexOf(event.target) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('aria-hidden', 'true');
document.body.append(tip);

document.addEventListener('pointermove', event => {
  const text = event.target.dataset?.tip;
  tip.hidden = !text;
  if (!text) return;
  if (tip.textContent !== text) tip.textContent = text;
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
});

document.getElementById('theme')?.addEventListener('click', () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

document.getElementById('live')?.addEventListener('click', togglePause);
document.addEventListener('visibilitychange', connect);
arrive();
