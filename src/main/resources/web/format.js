// How values are written for people.

const NUMBER = new Intl.NumberFormat('en');
const TIME = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
const AGO = new Intl.RelativeTimeFormat('en', {numeric: 'auto', style: 'short'});
const STEPS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

export function number(value) {
  return NUMBER.format(value);
}

/** "1 file", "3 files". */
export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function bytes(size) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? plural(size, 'byte') : `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A moment in full. */
export function time(text) {
  return TIME.format(new Date(text));
}

/** "5 sec. ago", "in 2 min.". */
export function relative(text, now = Date.now()) {
  const seconds = (new Date(text).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) {
      return AGO.format(Math.trunc(seconds / size), unit);
    }
  }
  return 'now';
}

/** Bucket and name of a gs:// path. */
export function objectOf(path) {
  const rest = path.replace(/^gs:\/\//, '');
  const slash = rest.indexOf('/');
  return {bucket: rest.slice(0, slash), name: rest.slice(slash + 1)};
}

/** The last part of a path. */
export function baseName(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What stands before the last part of a gs:// path, without the scheme. */
export function folderOf(path) {
  return path.replace(/^gs:\/\//, '').replace(/\/[^/]*$/, '');
}

/** A status or kind as a person says it. */
export function words(label) {
  const text = label.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const part = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  return (hours > 0 ? `${hours}:` : '') + `${part(Math.floor(whole / 60) % 60)}:${part(whole % 60)}`;
}

/** Where a chunk stands in its document, as steps: attachment, sheet, headings, page, time. */
export function place(metadata) {
  const steps = [];
  const add = (value) => {
    if (value && steps.at(-1) !== value) {
      steps.push(String(value));
    }
  };
  add(metadata.attachment);
  add(metadata.sheet);
  if (Array.isArray(metadata.headings)) {
    metadata.headings.forEach(add);
  }
  if (Number.isFinite(metadata.page_number)) {
    add(`Page ${metadata.page_number}`);
  }
  if (Number.isFinite(metadata.start_offset_sec)) {
    const end = Number.isFinite(metadata.end_offset_sec) ? `–${clock(metadata.end_offset_sec)}` : '';
    add(clock(metadata.start_offset_sec) + end);
  }
  return steps;
}
