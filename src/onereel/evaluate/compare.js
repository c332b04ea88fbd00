// One pair at a time; answers are kept in this browser until they are saved as a file.
const data = JSON.parse(document.getElementById("data").textContent);
const names = Object.keys(data.questions);
const store = "onereel-votes-" + data.page;
const byId = (id) => document.getElementById(id);
const left = byId("left"), right = byId("right");

let state = { ballot: crypto.getRandomValues(new Uint32Array(4)).join("-"), votes: {} };
try {
  state = JSON.parse(localStorage.getItem(store)) || state;
} catch { /* no storage here: votes last as long as the page is open */ }
let place = data.pairs.findIndex((pair) => !complete(pair));
if (place < 0) place = data.pairs.length - 1;

function complete(pair) {
  return names.every((name) => state.votes[pair.pair]?.[name]);
}

function keep() {
  try { localStorage.setItem(store, JSON.stringify(state)); } catch { /* as above */ }
}

function active() {
  const given = state.votes[data.pairs[place].pair] || {};
  return names.find((name) => !given[name]);
}

function show(fresh) {
  const pair = data.pairs[place], given = state.votes[pair.pair] || {}, lit = active();
  if (fresh) {
    left.src = pair.left; right.src = pair.right;
    byId("prompt").textContent = pair.prompt; byId("prompt").lang = pair.language;
    byId("given").replaceChildren(...pair.given.map(reference));
    both();
  }
  const done = data.pairs.filter(complete).length;
  byId("place").textContent = `${place + 1} of ${data.pairs.length}`;
  document.querySelector(".bar i").style.width = `${100 * done / data.pairs.length}%`;
  for (const block of document.querySelectorAll(".question")) {
    block.classList.toggle("lit", block.dataset.name === lit);
    for (const button of block.querySelectorAll("button"))
      button.classList.toggle("chosen", given[block.dataset.name] === button.dataset.answer);
  }
  byId("saved").textContent = done === data.pairs.length
    ? "All films are judged: save your votes and send the file back."
    : `${done} of ${data.pairs.length} judged`;
}

function reference(one) {
  const tag = { picture: "img", clip: "video", recording: "audio" }[one.kind];
  const media = document.createElement(tag);
  media.src = one.file;
  if (tag !== "img") media.controls = true;
  return media;
}

function answer(name, choice) {
  const pair = data.pairs[place].pair;
  state.votes[pair] = { ...state.votes[pair], [name]: choice };
  keep();
  const over = complete(data.pairs[place]) && place < data.pairs.length - 1;
  if (over) place += 1;
  show(over);
}

function both() {
  for (const video of [left, right]) { video.muted = true; video.currentTime = 0; video.play().catch(() => {}); }
}

function listen(video) {
  for (const one of [left, right]) { one.muted = true; one.pause(); }
  video.muted = false; video.currentTime = 0; video.play().catch(() => {});
}

for (const block of document.querySelectorAll(".question"))
  for (const button of block.querySelectorAll("button"))
    button.onclick = () => answer(block.dataset.name, button.dataset.answer);
for (const button of document.querySelectorAll(".listen"))
  button.onclick = () => listen(byId(button.dataset.side));

addEventListener("keydown", (event) => {
  const choice = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "same" }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (choice) { const name = active() || names[names.length - 1]; answer(name, choice); }
  else if (event.key === " ") both();
  else if (event.key === "q" || event.key === "Q") listen(left);
  else if (event.key === "p" || event.key === "P") listen(right);
  else if (event.key === "Backspace" && place > 0) { place -= 1; show(true); }
  else return;
  event.preventDefault();
});

byId("save").onclick = () => {
  const told = { page: data.page, ballot: state.ballot, votes: state.votes };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told, null, 1)], { type: "application/json" }));
  link.download = `votes-${data.page}-${state.ballot.slice(0, 6)}.json`;
  link.click();
};

show(true);
