// Draws each [data-chart] as stacked bars. Colours come from the page's tokens, and every series
// has a pattern too. Without the library the table behind is all there is.
const TILE = 8; // pixels; a pattern repeats after so many
const drawn = new Map();
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

// Each draws a tile's marks in the page's own colour upon the series' colour.
const PATTERNS = [
  () => {},
  (pen) => line(pen, [0, TILE], [TILE, 0]),
  (pen) => dot(pen, TILE / 2, TILE / 2),
  (pen) => line(pen, [0, 0], [TILE, TILE]),
  (pen) => line(pen, [0, TILE / 2], [TILE, TILE / 2]),
  (pen) => line(pen, [TILE / 2, 0], [TILE / 2, TILE]),
  (pen) => [line(pen, [0, TILE], [TILE, 0]), line(pen, [0, 0], [TILE, TILE])],
  (pen) => [line(pen, [0, TILE / 2], [TILE, TILE / 2]), line(pen, [TILE / 2, 0], [TILE / 2, TILE])],
];
const SOURCES = ["keyword", "link", "manual", "button", "api", "import", "provider", "review"];

function line(pen, from, to) {
  pen.beginPath();
  // Drawn a tile further on both sides too, so that slanted lines meet at the edges.
  for (const shift of [-TILE, 0, TILE]) {
    pen.moveTo(from[0] + shift, from[1]);
    pen.lineTo(to[0] + shift, to[1]);
  }
  pen.stroke();
}

function dot(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 1.5, 0, 2 * Math.PI);
  pen.fill();
}

// A token's colour as the browser works it out: a canvas knows no light-dark().
function colour(element, property = "color") {
  return getComputedStyle(element)[property];
}

function tile(source, fill, marks) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = TILE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = fill;
  pen.fillRect(0, 0, TILE, TILE);
  pen.strokeStyle = pen.fillStyle = marks;
  pen.lineWidth = 1.5;
  PATTERNS[Math.max(SOURCES.indexOf(source), 0)](pen);
  return canvas;
}

function filled(figure, source) {
  const swatch = figure.querySelector(`[data-swatch="${source}"]`);
  const made = tile(source, colour(swatch), colour(figure, "outlineColor"));
  swatch.style.backgroundImage = `url(${made.toDataURL()})`;
  return made;
}

function options(figure, told) {
  const ink = colour(figure);
  const rule = colour(figure, "borderTopColor");
  const stack = { stacked: true, border: { color: rule } };
  return {
    animation: still.matches ? false : { duration: 200 },
    locale: document.documentElement.lang,
    maintainAspectRatio: false,
    interaction: { mode: "index", intersect: false },
    onClick: (event, _hit, chart) => follow(chart, event, told),
    plugins: {
      legend: { display: false },
      tooltip: { itemSort: (a, b) => b.raw - a.raw, filter: (item) => item.raw > 0 },
    },
    scales: {
      x: {
        ...stack,
        grid: { display: false },
        ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 },
      },
      y: {
        ...stack,
        border: { display: false },
        beginAtZero: true,
        grid: { color: rule },
        ticks: { color: ink, precision: 0, maxTicksLimit: 5 },
      },
    },
  };
}

// A click on a bar leads to the list of that day and source; beside the bars, of that day.
function follow(chart, event, told) {
  const [at] = chart.getElementsAtEventForMode(event, "index", { intersect: false }, true);
  if (!at) return;
  const [bar] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, true);
  const source = bar ? `&source=${told.series[bar.datasetIndex].source}` : "";
  const day = told.days[at.index];
  location.assign(`${told.list}${source}&from=${day}&to=${day}`);
}

function draw(figure) {
  const place = figure.querySelector(".chart-canvas");
  const told = JSON.parse(figure.dataset.chart);
  let chart = drawn.get(place);
  if (chart?.told === figure.dataset.chart) return;
  chart?.destroy();
  place.replaceChildren(document.createElement("canvas"));
  const pen = place.firstChild.getContext("2d");
  chart = new Chart(pen, {
    type: "bar",
    data: {
      labels: told.labels,
      datasets: told.series.map(({ source, label, values }) => ({
        label,
        data: values,
        backgroundColor: pen.createPattern(filled(figure, source), "repeat"),
        maxBarThickness: 28,
        categoryPercentage: 0.85,
        barPercentage: 1,
      })),
    },
    options: options(figure, told),
  });
  chart.told = figure.dataset.chart;
  drawn.set(place, chart);
}

export function drawAll() {
  if (!window.Chart) return;
  for (const [place, chart] of drawn) {
    if (place.isConnected) continue;
    chart.destroy();
    drawn.delete(place);
  }
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
}

dark.addEventListener("change", () => {
  for (const chart of drawn.values()) chart.told = "";
  // After the page has taken the other scheme.
  requestAnimationFrame(drawAll);
});
