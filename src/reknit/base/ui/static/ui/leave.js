// Leave page: gone at once, and Back does not bring it up again. Without script it is a plain link.

function leave(url) {
  document.documentElement.hidden = true;
  document.title = "";
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
  history.replaceState(null, "", "/");
  location.replace(url);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-leave-url]");
  if (!link) return;
  event.preventDefault();
  leave(link.dataset.leaveUrl);
});

// A page kept alive by the browser for Back is asked for anew, so that the server decides who may see it.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
