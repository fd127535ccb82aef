// Files into a bucket's folder, where the service watches one; and what becomes of them.

import {api} from './api.js';
import {el, icon, notify, setText} from './dom.js';
import {baseName, bytes, plural, words} from './format.js';

const POLL = 600;
const PATIENCE = 5 * 60_000;
const ENDED = new Set(['processed', 'partially_processed', 'error', 'cancelled']);

async function jobOf(object) {
  return (await api.jobs({object, limit: 1})).jobs[0] ?? null;
}

const sleep = (millis) => new Promise((resolve) => { setTimeout(resolve, millis); });

/** A file on its way, as a line of the list. */
function line(file) {
  const bar = el('progress', {max: 1, value: 0, 'aria-label': `Upload of ${file.name}`});
  const text = el('span.stage', {}, 'Waits for its turn');
  const link = el('span');
  return {
    element: el('li', {},
        el('div.line', {}, el('span.name', {}, file.name), el('span.note', {}, bytes(file.size))),
        el('div.progress', {}, bar, text, link)),
    tell(said, part) {
      setText(text, said);
      if (part === null) {
        bar.removeAttribute('value');
      } else {
        bar.value = part;
      }
    },
    end(tone, said, documentId) {
      bar.hidden = true;
      text.className = `stage ${tone}`;
      text.replaceChildren(icon(tone === 'good' ? 'done' : 'failed'), said);
      if (documentId) {
        link.replaceChildren(el('a', {href: `#/documents/${documentId}`}, 'Open'));
      }
    },
  };
}

/** Follows an object's work until its newest version is done with. */
async function follow(object, before, shown) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    const job = await jobOf(object);
    if (job && job.generation !== before) {
      if (ENDED.has(job.status)) {
        return job;
      }
      shown.tell(job.status === 'retry_pending' ? `Waits for its retry: ${job.error ?? ''}` : words(job.stage), null);
    }
    await sleep(POLL);
  }
  return null;
}

async function send(bucket, folder, file, maxBytes, shown) {
  const name = folder ? `${folder}/${file.name}` : file.name;
  if (file.size > maxBytes) {
    shown.end('bad', `Larger than ${bytes(maxBytes)}`);
    return;
  }
  try {
    const before = (await jobOf(`gs://${bucket}/${name}`))?.generation ?? null;
    shown.tell('Uploading', 0);
    const {object} = await api.upload(bucket, name, file, (part) => shown.tell('Uploading', part));
    shown.tell('In the bucket; the watcher tells of it in a moment', null);
    const job = await follow(object, before, shown);
    if (!job) {
      shown.end('waiting', 'Still at work: see the jobs');
    } else if (job.status === 'processed') {
      shown.end('good', 'Can be found now', job.documentId);
      notify(`${baseName(object)} can be found now`);
    } else {
      shown.end('bad', job.error ?? words(job.status), job.documentId);
      notify(`${baseName(object)}: ${job.error ?? words(job.status)}`, 'bad');
    }
  } catch (failure) {
    shown.end('bad', failure.message);
    notify(`${file.name}: ${failure.message}`, 'bad');
  }
}

/** The place to drop files, with the field for their bucket and folder. */
export function uploadPanel(onDone) {
  const list = el('ul.uploads', {'aria-label': 'Uploads'});
  const known = el('datalist', {id: 'buckets'});
  const target = el('input', {id: 'target', name: 'target', list: 'buckets', autocomplete: 'off', required: true, value: '', 'aria-describedby': 'target-hint'});
  const picker = el('input.visually-hidden', {type: 'file', multiple: true, id: 'picker', on: {change: () => {
    take([...picker.files]);
    picker.value = '';
  }}});
  let maxBytes = Number.POSITIVE_INFINITY;

  // Who drops files at once is not asked for a bucket that is about to be filled in.
  const ready = api.buckets().then(({buckets, maxUpload}) => {
    maxBytes = maxUpload;
    known.replaceChildren(...buckets.map(({name}) => el('option', {value: name})));
    if (!target.value) {
      target.value = buckets[0]?.name ?? 'uploads';
    }
  }, (failure) => notify(failure.message, 'bad'));

  async function take(files) {
    await ready;
    const [bucket, ...folders] = target.value.split('/').map((part) => part.trim()).filter(Boolean);
    if (!bucket) {
      target.focus();
      notify('Say which bucket the files go to', 'bad');
      return;
    }
    const lines = files.map((file) => ({file, shown: line(file)}));
    list.prepend(...lines.map(({shown}) => shown.element));
    notify(`${plural(files.length, 'file')} for ${target.value}`);
    const followed = [];
    for (const {file, shown} of lines) {
      followed.push(send(bucket, folders.join('/'), file, maxBytes, shown).then(onDone));
      await sleep(50);
    }
    await Promise.all(followed);
  }

  const zone = el('div.drop', {on: {
    dragover: (event) => {
      event.preventDefault();
      zone.classList.add('over');
    },
    dragleave: (event) => {
      if (!zone.contains(event.relatedTarget)) {
        zone.classList.remove('over');
      }
    },
    drop: (event) => {
      event.preventDefault();
      zone.classList.remove('over');
      // A folder has no content; files that a browser cannot read are not given either.
      take([...event.dataTransfer.items].filter((item) => item.kind === 'file' && !item.webkitGetAsEntry?.()?.isDirectory)
          .map((item) => item.getAsFile()).filter(Boolean));
    },
  }},
  icon('upload'),
  el('p', {}, 'Drop files here, or ', el('label.pick', {for: 'picker'}, 'choose some'), '.'),
  picker);
  return el('section.card.upload', {'aria-labelledby': 'upload-title'},
      el('h2', {id: 'upload-title'}, 'Add files'),
      el('div.upload-target', {},
          el('label', {for: 'target'}, 'Bucket, and a folder in it if you like'),
          target, known,
          el('p.note', {id: 'target-hint'}, 'For example library/recipes. A file of the same name is replaced.')),
      zone, list);
}
