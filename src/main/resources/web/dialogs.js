// Questions that must be answered before anything happens.

import {button, el} from './dom.js';

let number = 0;

/** Shows a dialog with a form; resolves with the form's data, or null when it was dismissed. */
export function openDialog(title, content, submitLabel, {danger = false, onOpen = null} = {}) {
  const id = `dialog-${++number}`;
  return new Promise((resolve) => {
    let answer = null;
    const form = el('form', {method: 'dialog', on: {submit: (event) => {
      event.preventDefault();
      answer = new FormData(form);
      dialog.close();
    }}},
    el('h2', {id}, title), ...content,
    el('div.actions', {},
        button('secondary', null, 'Cancel', () => dialog.close()),
        el(`button.${danger ? 'danger' : 'primary'}`, {type: 'submit'}, submitLabel)));
    const dialog = el('dialog', {'aria-labelledby': id, on: {close: () => {
      dialog.remove();
      resolve(answer);
    }}}, form);
    document.body.append(dialog);
    dialog.showModal();
    onOpen?.(form);
  });
}

/** A group of radio buttons, of which one is chosen. */
export function choices(legend, name, options, chosen) {
  return el('fieldset.choices', {}, el('legend', {}, legend),
      ...options.map(({value, label, hint}) => el('label.choice', {},
          el('input', {type: 'radio', name, value, checked: value === chosen}),
          el('span', {}, el('strong', {}, label), hint ? el('small', {}, hint) : null))));
}
