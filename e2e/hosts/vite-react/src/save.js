/** What a form saves, shown on the page. */
export function save({ video }) {
  document.querySelector('#saved').textContent = JSON.stringify(video);
}
