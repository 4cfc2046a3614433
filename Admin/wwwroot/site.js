// What cannot be done on the server: the cookie of the colors, the skip link, and the notice of a lost connection.
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
