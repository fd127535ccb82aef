// Marks a question's words in a text.

const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /\p{M}/gu;
const ENDINGS = /(?:ing|ies|ers|ed|er|es|en|s|e|y)$/;
const LEAST_STEM = 4;
const LONGEST_ENDING = 4;

/** Words that say nothing of what is asked for. */
const EMPTY = new Set(
    ('a an and any are as at be but by can could did do does for from had has have how i in into is it its '
      + 'me my no not of on or our she should so that the their them there they this to was we were what '
      + 'when where which who whom whose why will with would you your').split(' '));

function folded(word) {
  return word.normalize('NFD').replace(MARKS, '').toLowerCase();
}

function stem(word) {
  const cut = word.replace(ENDINGS, '');
  return cut.length >= LEAST_STEM ? cut : word;
}

function matches(word, stems) {
  return stems.some((one) => one.whole === word
      || (one.stem.length >= LEAST_STEM && word.startsWith(one.stem)
          && word.length - one.stem.length <= LONGEST_ENDING));
}

/**
 * Appends a text to an element, the question's words in it as <mark>.
 *
 * @return how many words were marked
 */
export function appendMarked(element, text, question) {
  const stems = [...new Set((question.match(WORD) ?? []).map(folded))]
      .filter((word) => !EMPTY.has(word))
      .map((word) => ({whole: word, stem: stem(word)}));
  let marked = 0;
  let end = 0;
  if (stems.length > 0) {
    for (const match of text.matchAll(WORD)) {
      if (matches(folded(match[0]), stems)) {
        element.append(text.slice(end, match.index));
        const mark = document.createElement('mark');
        mark.textContent = match[0];
        element.append(mark);
        end = match.index + match[0].length;
        marked++;
      }
    }
  }
  element.append(text.slice(end));
  return marked;
}
