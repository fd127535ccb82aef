// Jobs: a list of them, as the overview shows it too, and the view of all.

import {api} from './api.js';
import {button, el, icon, KeyedList, notify, setText} from './dom.js';
import {baseName, folderOf, number, relative, time, words} from './format.js';
import {live} from './live.js';

const STAGES = ['pending', 'downloading', 'parsing', 'splitting', 'embedding', 'saving', 'completed'];
const RETRYABLE = new Set(['error', 'cancelled', 'partially_processed', 'retry_pending']);
const CANCELLABLE = new Set(['processing', 'retry_pending']);
const FILTERS = ['', 'processing', 'retry_pending', 'error', 'processed', 'cancelled'];
const LIMIT = 100;
const PAUSE = 900;

const TONES = {
  processing: 'working',
  pending: 'waiting',
  retry_pending: 'waiting',
  processed: 'good',
  partially_processed: 'waiting',
  error: 'bad',
  cancelled: 'off',
  completed: 'good',
  uploading: 'waiting',
};

/** A status as a coloured word. */
export function badge(status) {
  return el(`span.badge.${TONES[status] ?? 'off'}`, {}, words(status));
}

async function decide(act, done) {
  try {
    await act();
    notify(done);
  } catch (failure) {
    notify(failure.message, 'bad');
  }
}

/** One job, kept up to date; with its history where there is room for it. */
function jobItem(first, withHistory) {
  let job = first;
  const status = el('span');
  const name = el('a.name', {href: `#/documents/${first.documentId}`}, baseName(first.object));
  const folder = el('span.folder', {}, folderOf(first.object));
  const when = el('time.when', {'data-relative': true});
  const steps = el('progress', {max: STAGES.length - 1, value: 0, 'aria-label': `Progress of ${baseName(first.object)}`});
  const stage = el('span.stage');
  const progress = el('div.progress', {}, steps, stage);
  const reason = el('p.reason');
  const retry = button('secondary.small', 'again', 'Retry',
      () => decide(() => api.retry(job.id), `${baseName(job.object)} is tried again`));
  const cancel = button('secondary.small', 'stop', 'Cancel',
      () => decide(() => api.cancel(job.id), `${baseName(job.object)} was cancelled`));
  const attempts = el('ol.attempts');
  const history = el('details', {on: {toggle: () => history.open && showAttempts()}},
      el('summary', {}, 'History'), attempts);
  const foot = el('div.foot', {}, withHistory ? history : null, el('div.buttons', {}, retry, cancel));
  retry.setAttribute('aria-label', `Retry ${baseName(first.object)}`);
  cancel.setAttribute('aria-label', `Cancel ${baseName(first.object)}`);

  async function showAttempts() {
    try {
      const known = await api.job(job.id);
      attempts.replaceChildren(...known.attempts.map((attempt) => el('li', {},
          el('span', {}, `${words(attempt.outcome)}, ${time(attempt.endedAt)}`),
          attempt.reason ? el('span.reason', {}, attempt.reason) : null)));
      if (known.attempts.length === 0) {
        attempts.replaceChildren(el('li', {}, 'No attempt has ended yet.'));
      }
    } catch (failure) {
      attempts.replaceChildren(el('li', {}, failure.message));
    }
  }

  function tellStage() {
    if (job.status === 'retry_pending' && job.nextAttemptAt) {
      return `Next attempt ${relative(job.nextAttemptAt)}`;
    }
    return words(job.stage);
  }

  return {
    element: el('li.job', {'data-job': first.id},
        el('div.line', {}, el('div.title', {}, name, folder), el('div.side', {}, status, when)),
        progress, reason,
        foot),
    update(next) {
      const changed = next.updatedAt !== job.updatedAt;
      job = next;
      if (status.dataset.status !== job.status) {
        status.dataset.status = job.status;
        status.replaceChildren(badge(job.status));
      }
      when.dateTime = job.updatedAt;
      when.title = time(job.updatedAt);
      setText(when, relative(job.updatedAt));
      const unfinished = CANCELLABLE.has(job.status) || job.status === 'pending';
      progress.hidden = !unfinished;
      steps.value = Math.max(0, STAGES.indexOf(job.stage));
      setText(stage, tellStage());
      const text = job.error ? (job.retryCount > 0 ? `${job.error} (attempt ${job.retryCount})` : job.error) : '';
      setText(reason, text);
      reason.hidden = text === '';
      retry.hidden = !RETRYABLE.has(job.status);
      cancel.hidden = !CANCELLABLE.has(job.status);
      foot.hidden = !withHistory && retry.hidden && cancel.hidden;
      if (changed && history.open) {
        showAttempts();
      }
    },
  };
}

/** A list of jobs that keeps its elements. */
export class JobList {
  constructor(emptyText, {withHistory = false} = {}) {
    this.list = el('ul.jobs');
    this.empty = el('p.empty', {}, emptyText);
    this.element = el('div', {}, this.list, this.empty);
    this.keyed = new KeyedList(this.list, (job) => job.id, (job) => jobItem(job, withHistory));
  }

  show(jobs) {
    this.keyed.show(jobs);
    this.empty.hidden = jobs.length > 0;
    this.list.hidden = jobs.length === 0;
  }
}

/** Why jobs cannot be seen now. */
export function troubleLine() {
  const line = el('p.trouble', {role: 'status', hidden: true});
  return {
    element: line,
    show(text) {
      line.hidden = !text;
      line.replaceChildren(...(text ? [icon('failed'), `The jobs cannot be read now: ${text}`] : []));
    },
  };
}

/** The view of all jobs; the filter is part of the address. */
export function jobsView(parameters) {
  const filter = parameters.get('status') ?? '';
  const list = new JobList(filter ? `No job is ${words(filter).toLowerCase()}.` : 'There is no job yet.', {withHistory: true});
  const trouble = troubleLine();
  const abort = new AbortController();
  const counts = new Map();
  const chips = el('nav.chips', {'aria-label': 'Filter by status'}, ...FILTERS.map((status) => {
    const count = el('span.count');
    counts.set(status, count);
    return el('a.chip', {
      href: status ? `#/jobs?status=${status}` : '#/jobs',
      'aria-current': status === filter ? 'true' : null,
    }, status ? words(status) : 'All', count);
  }));
  const note = el('p.note', {hidden: true}, `The newest ${number(LIMIT)} are shown.`);
  let reading = false;
  let again = false;

  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const {jobs} = await api.jobs({status: filter, limit: LIMIT}, abort.signal);
      list.show(jobs);
      note.hidden = jobs.length < LIMIT;
      trouble.show('');
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        trouble.show(failure.message);
      }
    }
    setTimeout(() => {
      reading = false;
      if (again && !abort.signal.aborted) {
        again = false;
        read();
      }
    }, PAUSE);
  }

  function onJobs() {
    const {totals} = live.jobs;
    const all = Object.values(totals).reduce((sum, count) => sum + count, 0);
    for (const [status, count] of counts) {
      setText(count, number(status ? totals[status] ?? 0 : all));
    }
    read();
  }

  live.addEventListener('jobs', onJobs, {signal: abort.signal});
  live.addEventListener('trouble', () => trouble.show(live.trouble), {signal: abort.signal});
  if (live.jobs) {
    onJobs();
  } else {
    read();
  }
  return {
    title: 'Jobs',
    element: el('div', {},
        el('h1', {tabindex: '-1'}, 'Jobs'),
        el('p.lead', {}, 'The work on each object’s newest version: at work, waiting for its retry, or done.'),
        chips, trouble.element, el('div.card', {}, list.element), note),
    close: () => abort.abort(),
  };
}
