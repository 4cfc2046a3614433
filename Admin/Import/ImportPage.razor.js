// Keeps the files that were chosen, and brings one to the site: as often as is asked, and in pieces, so that it is never in memory as a whole.
const files = [];
let input;
let request;
let listening;

export function watch(area, page) {
  listening = new AbortController();
  const { signal } = listening;
  input = area.querySelector('input');
  const choose = chosen => {
    if (chosen.length === 0) return;
    if (chosen.length > 1) {
      show(undefined);
      page.invokeMethodAsync('RefuseSeveral');
      return;
    }

    page.invokeMethodAsync('ChooseAsync', files.push(chosen[0]) - 1, chosen[0].name, chosen[0].size);
  };

  input.addEventListener('change', () => choose(input.files));
  // One that was chosen before this script was there.
  choose(input.files);

  // A file that was mended has the name that it had: unless it is forgotten, the browser sees no change.
  let before;
  input.addEventListener('click', () => {
    before = input.files[0];
    show(undefined);
  });
  input.addEventListener('cancel', () => show(before));

  area.addEventListener('dragover', () => area.dataset.over = '');
  area.addEventListener('dragleave', () => delete area.dataset.over);
  area.addEventListener('drop', event => {
    delete area.dataset.over;
    if (!input.disabled) choose(event.dataTransfer.files);
  });

  // A browser opens a file that is dropped beside the area, and the page is gone.
  document.addEventListener('dragover', event => {
    event.preventDefault();
    if (!area.contains(event.target)) event.dataTransfer.dropEffect = 'none';
  }, { signal });
  document.addEventListener('drop', event => event.preventDefault(), { signal });
}

export async function send(file, address) {
  const { result } = await post(file, address);
  return result;
}

export async function download(file, address) {
  const { result, response } = await post(file, address);
  if (result !== 'sent') return result;
  const link = document.createElement('a');
  try {
    link.href = URL.createObjectURL(await response.blob());
  } catch {
    return 'offline';
  }

  link.download = `rejected-${files[file].name.replace(/\.gz$/i, '')}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return result;
}

export function cancel() {
  request?.abort();
}

export function leave() {
  cancel();
  listening.abort();
}

function show(file) {
  const shown = new DataTransfer();
  if (file) shown.items.add(file);
  input.files = shown.files;
}

async function post(number, address) {
  const file = files[number];
  show(file);
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return { result: 'unreadable' };
  }

  // The page may go on, and send the next, before the end of this one is heard of here.
  const own = request = new AbortController();
  try {
    const response = await fetch(address, {
      method: 'POST',
      body: file,
      signal: own.signal,
      headers: {
        'Content-Type': 'application/octet-stream',
        'RequestVerificationToken': document.querySelector('input[name=__RequestVerificationToken]').value,
        // Asks for a 401 where others get the page that signs in.
        'X-Requested-With': 'XMLHttpRequest',
      },
    });
    const failure = { 400: 'other-session', 401: 'signed-out', 403: 'other-session', 404: 'other-session', 413: 'too-long' };
    return { result: response.ok ? 'sent' : failure[response.status] ?? 'offline', response };
  } catch (error) {
    return { result: error.name === 'AbortError' ? 'cancelled' : 'offline' };
  } finally {
    if (request === own) request = undefined;
  }
}
