// The plots over the last ten minutes.

import UPlot from './plots/uPlot.js';
import {el} from './dom.js';

const HEIGHT = 190;
const SPAN_SECONDS = 600;
const LEAST_SPAN_SECONDS = 120;

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * A plot of lines against time. What it shows stands beside it in numbers, for those who do not see
 * it.
 */
export class Plot {
  #plot = null;
  #data;
  #series;
  #box;
  #observer;
  #onTheme = () => this.#draw();

  /**
   * @param {string} title
   * @param {{label: string, color: string, fill?: boolean, dash?: number[]}[]} series colors are
   *     names of CSS variables
   */
  constructor(title, series) {
    this.#series = series;
    this.#data = [[], ...series.map(() => [])];
    this.#box = el('div.plot', {'aria-hidden': 'true'});
    this.element = el('figure.card', {},
        el('figcaption', {},
            el('h2', {}, title),
            el('ul.legend', {}, ...series.map(({label, color: variable}) => {
              const key = el('span.key', {'aria-hidden': 'true'});
              key.style.background = `var(${variable})`;
              return el('li', {}, key, label);
            }))),
        this.#box);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.#box);
    document.addEventListener('theme', this.#onTheme);
  }

  /** Shows columns: times in seconds, then the values of each series. */
  show(columns) {
    this.#data = columns;
    if (this.#plot) {
      this.#plot.setData(columns);
    } else {
      this.#draw();
    }
  }

  close() {
    this.#observer.disconnect();
    document.removeEventListener('theme', this.#onTheme);
    this.#plot?.destroy();
  }

  #resize() {
    if (this.#plot) {
      this.#plot.setSize({width: this.#box.clientWidth, height: HEIGHT});
    } else {
      this.#draw();
    }
  }

  /** As far back as is known, within bounds. */
  #span(least, most) {
    const end = most ?? Date.now() / 1000;
    const known = end - (least ?? end);
    return [end - Math.min(SPAN_SECONDS, Math.max(LEAST_SPAN_SECONDS, known)), end];
  }

  #draw() {
    const width = this.#box.clientWidth;
    if (width === 0) {
      return;
    }
    this.#plot?.destroy();
    const axis = {
      stroke: color('--muted'),
      font: '11px system-ui, sans-serif',
      grid: {stroke: color('--grid'), width: 1},
      ticks: {show: false},
    };
    this.#plot = new UPlot({
      width,
      height: HEIGHT,
      padding: [10, 8, 0, 0],
      legend: {show: false},
      cursor: {show: false},
      scales: {
        x: {time: true, range: (_, least, most) => this.#span(least, most)},
        y: {range: (_, __, most) => [0, Math.max(4, Math.ceil((most ?? 0) * 1.15))]},
      },
      axes: [
        {...axis, size: 26, space: 80, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toTimeString().slice(0, 8).replace(/:00$/, '')), incrs: [30, 60, 120, 300, 600]},
        {...axis, size: 34, space: 32, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000]},
      ],
      series: [{}, ...this.#series.map(({label, color: variable, fill, dash}) => ({
        label,
        stroke: color(variable),
        fill: fill ? `${color(variable)}26` : undefined, // the variables are #rrggbb
        width: 2,
        dash,
        points: {show: false},
      }))],
    }, this.#data, this.#box);
  }
}
