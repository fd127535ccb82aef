// How everything is doing, at one look.

import {el, setText} from './dom.js';
import {number, plural} from './format.js';
import {JobList, troubleLine} from './jobs.js';
import {live} from './live.js';
import {Plot} from './plots.js';
import {searchForm} from './search.js';

const RECENT = 6;
const LISTED = 50;
const RATE_SECONDS = 5;

const OUTCOMES = [
  ['Processed', 'Processed', '--good'],
  ['Accepted', 'Taken, goes on', '--accent'],
  ['Deleted', 'Deleted', '--violet'],
  ['Duplicate', 'Duplicate', '--muted'],
  ['Superseded', 'Out of date', '--muted'],
  ['Ignored', 'Not ours', '--muted'],
  ['Rejected', 'Failed for good', '--bad'],
  ['NotTaken', 'Sent back', '--warn'],
];

function tile(label, hint) {
  const value = el('dd.value', {}, '–');
  const note = el('dd.hint', {}, hint);
  return {element: el('div.tile', {}, el('dt', {}, label), value, note), value, note};
}

function column(name) {
  const index = live.fields.indexOf(name);
  return live.history.map((row) => row[index]);
}

/** Deliveries a second, over the last few. */
function rates(times, totals) {
  return totals.map((total, index) => {
    let first = index;
    while (first > 0 && times[index] - times[first - 1] <= RATE_SECONDS) {
      first--;
    }
    const seconds = times[index] - times[first];
    return seconds > 0 ? Math.max(0, (total - totals[first]) / seconds) : 0;
  });
}

function outcomeBars() {
  const rows = OUTCOMES.map(([key, label, color]) => {
    const count = el('span.count', {}, '0');
    const bar = el('span.fill');
    bar.style.background = `var(${color})`;
    return {key, count, bar, element: el('li', {}, el('span.label', {}, label), count, el('span.track', {'aria-hidden': 'true'}, bar))};
  });
  return {
    element: el('section.card', {'aria-labelledby': 'outcomes'},
        el('h2', {id: 'outcomes'}, 'Deliveries by outcome'),
        el('p.note', {}, 'Since this process started.'),
        el('ul.bars', {}, ...rows.map((row) => row.element))),
    show(deliveries) {
      const most = Math.max(1, ...Object.values(deliveries));
      for (const {key, count, bar, element} of rows) {
        const value = deliveries[key] ?? 0;
        setText(count, number(value));
        bar.style.width = `${(100 * value) / most}%`;
        element.classList.toggle('none', value === 0);
      }
    },
  };
}

export function overviewView() {
  const abort = new AbortController();
  const tiles = {
    inFlight: tile('Events at work', 'in this process'),
    permits: tile('Permits free', 'of the pool'),
    waiting: tile('Waiting', 'for a connection'),
    rate: tile('Deliveries', 'a second'),
    unfinished: tile('Jobs unfinished', 'at work or waiting'),
    failed: tile('Jobs failed', 'for good'),
  };
  const pool = new Plot('Connections and permits', [
    {label: 'Active', color: '--accent', fill: true},
    {label: 'Idle', color: '--muted'},
    {label: 'Permits free', color: '--good', dash: [6, 4]},
    {label: 'Waiting', color: '--bad'},
  ]);
  const events = new Plot('Events', [
    {label: 'At work', color: '--accent', fill: true},
    {label: 'Deliveries a second', color: '--warn'},
  ]);
  const outcomes = outcomeBars();
  const trouble = troubleLine();
  const working = new JobList('Nothing is at work, and nothing waits.');
  const failed = new JobList('Nothing has failed.');
  const done = new JobList('Nothing is done yet.');

  function showNumbers() {
    const {numbers} = live;
    const times = column('at').map((millis) => millis / 1000);
    const perSecond = rates(times, column('deliveries'));
    pool.show([times, column('active'), column('idle'), column('freePermits'), column('waiters')]);
    events.show([times, column('inFlight'), perSecond]);
    if (!numbers) {
      return;
    }
    setText(tiles.inFlight.value, number(numbers.inFlight));
    setText(tiles.permits.value, number(numbers.pool.freePermits));
    setText(tiles.permits.note, numbers.pool.permits === numbers.pool.size
        ? `of ${numbers.pool.size}; ${numbers.pool.active} in use, ${numbers.pool.idle} idle`
        : `of ${numbers.pool.permits}: the server has no room for all ${numbers.pool.size}`);
    setText(tiles.waiting.value, number(numbers.pool.waiters));
    tiles.waiting.element.classList.toggle('alert', numbers.pool.waiters > 0);
    const rate = perSecond.at(-1) ?? 0;
    setText(tiles.rate.value, rate < 10 ? rate.toFixed(1) : number(Math.round(rate)));
    outcomes.show(numbers.deliveries);
  }

  function showJobs() {
    trouble.show(live.trouble);
    if (!live.jobs) {
      return;
    }
    const {jobs, totals} = live.jobs;
    const unfinished = jobs.filter((job) => ['processing', 'retry_pending', 'pending'].includes(job.status));
    const errors = jobs.filter((job) => job.status === 'error');
    working.show(unfinished.slice(0, RECENT));
    failed.show(errors.slice(0, RECENT));
    done.show(jobs.filter((job) => !unfinished.includes(job) && !errors.includes(job)).slice(0, RECENT));
    // The totals are some seconds old; what is listed is not, and is all there is unless it is much.
    const counted = (totals.processing ?? 0) + (totals.retry_pending ?? 0) + (totals.pending ?? 0);
    setText(tiles.unfinished.value, number(unfinished.length < LISTED ? unfinished.length : Math.max(counted, unfinished.length)));
    setText(tiles.failed.value, number(Math.max(totals.error ?? 0, errors.length)));
    setText(tiles.failed.note, `of ${plural(Object.values(totals).reduce((a, b) => a + b, 0), 'job')}`);
    tiles.failed.element.classList.toggle('alert', (totals.error ?? 0) > 0);
  }

  live.addEventListener('history', showNumbers, {signal: abort.signal});
  live.addEventListener('numbers', showNumbers, {signal: abort.signal});
  live.addEventListener('jobs', showJobs, {signal: abort.signal});
  live.addEventListener('trouble', showJobs, {signal: abort.signal});

  const section = (id, title, list, more) => el('section.card', {'aria-labelledby': id},
      el('div.head', {}, el('h2', {id}, title), more ? el('a', {href: more}, 'Show all') : null), list.element);
  const element = el('div', {},
      el('h1', {tabindex: '-1'}, 'Overview'),
      searchForm('', (question) => { location.hash = `#/search?q=${encodeURIComponent(question)}`; }),
      el('dl.tiles', {}, ...Object.values(tiles).map((one) => one.element)),
      el('div.columns', {}, pool.element, events.element),
      trouble.element,
      el('div.columns', {},
          el('div.stack', {},
              section('working', 'At work', working, '#/jobs'),
              section('done', 'Done lately', done, '#/jobs?status=processed')),
          el('div.stack', {},
              section('failed', 'Failed', failed, '#/jobs?status=error'),
              outcomes.element)));
  showNumbers();
  showJobs();
  return {
    title: 'Overview',
    element,
    close() {
      abort.abort();
      pool.close();
      events.close();
    },
  };
}
