// What has the focus is about to go: it moves to this heading, or else to that of the page, before it is gone. What site.js would choose then
// is a box above the list.
export function moveFocus(heading) {
  (document.getElementById(heading) ?? document.querySelector('main h1')).focus();
}
