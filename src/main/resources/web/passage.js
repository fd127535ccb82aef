// Shows a chunk's text: its paragraphs, and its tables, which it has in Markdown's form.

import {el} from './dom.js';
import {appendMarked} from './highlight.js';

const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;
const CELL = /(?<!\\)\|/;

function cells(line) {
  return line.trim().slice(1, -1).split(CELL).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function table(lines, question) {
  let marked = 0;
  const row = (line, name) => el('tr', {}, ...cells(line).map((text) => {
    const cell = el(name, name === 'th' ? {scope: 'col'} : {});
    marked += appendMarked(cell, text, question);
    return cell;
  }));
  const [head, ...rows] = lines.filter((line) => !RULE.test(line));
  const element = el('div.scroll', {tabindex: '0', role: 'group', 'aria-label': 'Table'}, el('table', {},
      el('thead', {}, row(head, 'th')), el('tbody', {}, ...rows.map((line) => row(line, 'td')))));
  return {element, marked};
}

/**
 * Makes the element of a text.
 *
 * @return {{element: Element, marked: number}} with how many of the question's words were marked
 */
export function passage(content, question) {
  const element = el('div.passage');
  const lines = content.split('\n');
  let marked = 0;
  let text = [];
  const endText = () => {
    const paragraph = text.join('\n').trim();
    if (paragraph) {
      const shown = el('p');
      marked += appendMarked(shown, paragraph, question);
      element.append(shown);
    }
    text = [];
  };
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && ROW.test(lines[end])) {
      end++;
    }
    if (end - at >= 2 && RULE.test(lines[at + 1])) {
      endText();
      const shown = table(lines.slice(at, end), question);
      marked += shown.marked;
      element.append(shown.element);
      at = end;
    } else {
      text.push(lines[at]);
      at++;
    }
  }
  endText();
  return {element, marked};
}
