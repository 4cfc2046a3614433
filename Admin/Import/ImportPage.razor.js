// Keeps the file that was chosen, and brings it to the site: as often as is asked, and in pieces, so that it is never in memory as a whole.
let input;
let request;

export function watch(area, page) {
  input = area.querySelector('input');
  const choose = () => {
    const file = input.files[0];
    if (file) page.invokeMethodAsync('ChooseAsync', file.name, file.size);
  };
  input.addEventListener('change', choose);
  // One that was chosen before this script was there.
  choose();
  area.addEventListener('dragover', event => {
    event.preventDefault();
    area.dataset.over = '';
  });
  area.addEventListener('dragleave', () => delete area.dataset.over);
  area.addEventListener('drop', event => {
    event.preventDefault();
    delete area.dataset.over;
    if (input.disabled || event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change'));
  });
}

export async function send(address) {
  const { result } = await post(address);
  return result;
}

export async function download(address) {
  const { result, response } = await post(address);
  if (result !== 'sent') return result;
  const link = document.createElement('a');
  try {
    link.href = URL.createObjectURL(await response.blob());
  } catch {
    return 'offline';
  }

  link.download = `rejected-${input.files[0].name.replace(/\.gz$/i, '')}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return result;
}

export function cancel() {
  request?.abort();
}

async function post(address) {
  const file = input.files[0];
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    return { result: 'unreadable' };
  }

  request = new AbortController();
  try {
    const response = await fetch(address, {
      method: 'POST',
      body: file,
      signal: request.signal,
      headers: {
        'Content-Type': 'application/octet-stream',
        'RequestVerificationToken': document.querySelector('input[name=__RequestVerificationToken]').value,
        // Asks for a 401 where others get the page that signs in.
        'X-Requested-With': 'XMLHttpRequest',
      },
    });
    const failure = { 401: 'signed-out', 413: 'too-long' }[response.status] ?? 'offline';
    return { result: response.ok ? 'sent' : failure, response };
  } catch (error) {
    return { result: error.name === 'AbortError' ? 'cancelled' : 'offline' };
  }
}
