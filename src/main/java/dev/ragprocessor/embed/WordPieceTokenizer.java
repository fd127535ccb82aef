package dev.ragprocessor.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text into the tokens of the local model: BERT's WordPiece over the model's own vocabulary.
 * It takes any string, in time linear in its length. Special tokens are never read out of a text: a
 * document that says {@code [SEP]} is a document about brackets.
 *
 * <p>Immutable, safe for use by many threads.
 */
public final class WordPieceTokenizer {
  private static final String CONTINUED = "##";

  private final Map<String, Integer> vocabulary;
  private final int unknown;
  private final int begin;
  private final int end;

  private WordPieceTokenizer(Map<String, Integer> vocabulary) throws IOException {
    this.vocabulary = vocabulary;
    this.unknown = special("[UNK]");
    this.begin = special("[CLS]");
    this.end = special("[SEP]");
  }

  /**
   * Reads the vocabulary of a {@code tokenizer.json} of Hugging Face's format.
   *
   * @throws IOException when it cannot be read or holds no WordPiece vocabulary
   */
  static WordPieceTokenizer read(InputStream json) throws IOException {
    JsonNode entries = new ObjectMapper().readTree(json).path("model").path("vocab");
    Map<String, Integer> vocabulary = HashMap.newHashMap(entries.size());
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      vocabulary.put(entry.getKey(), entry.getValue().asInt());
    }
    return new WordPieceTokenizer(vocabulary);
  }

  /**
   * The number of tokens of a text, as the model counts them, without the two that mark its
   * beginning and end.
   */
  public int tokens(String text) {
    return ids(text, Integer.MAX_VALUE - 2).length - 2;
  }

  /**
   * The ids of at most {@code limit} tokens of a text, between the marks of its beginning and end.
   */
  int[] ids(String text, int limit) {
    Ids ids = new Ids(limit);
    ids.add(begin);
    WordReader words = new WordReader(text);
    Optional<String> word = words.next();
    while (word.isPresent() && !ids.isFull()) {
      addPieces(word.get(), ids);
      word = words.next();
    }
    return ids.endWith(end);
  }

  /**
   * The longest piece that fits, again and again; a word with a part that no piece fits is one
   * unknown.
   */
  private void addPieces(String word, Ids ids) {
    int mark = ids.size();
    if (word.codePointCount(0, word.length()) > WordReader.LONGEST_WORD) {
      ids.add(unknown);
      return;
    }
    int from = 0;
    while (from < word.length()) {
      int to = word.length();
      Integer piece = piece(word, from, to);
      while (piece == null && to > from + 1) {
        to--;
        piece = piece(word, from, to);
      }
      if (piece == null) {
        ids.cutTo(mark);
        ids.add(unknown);
        return;
      }
      ids.add(piece);
      from = to;
    }
  }

  private @Nullable Integer piece(String word, int from, int to) {
    String part = word.substring(from, to);
    return vocabulary.get(from == 0 ? part : CONTINUED + part);
  }

  private int special(String token) throws IOException {
    Integer id = vocabulary.get(token);
    if (id == null) {
      throw new IOException("the vocabulary has no " + token + ": not a BERT tokenizer.json");
    }
    return id;
  }

  /** A growing array of ids. */
  private static final class Ids {
    private final int limit;
    private int[] values = new int[128];
    private int size;

    Ids(int limit) {
      this.limit = limit;
    }

    void add(int id) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = id;
    }

    int size() {
      return size;
    }

    boolean isFull() {
      return size > limit;
    }

    void cutTo(int length) {
      size = length;
    }

    int[] endWith(int id) {
      size = Math.min(size, limit + 1);
      add(id);
      return Arrays.copyOf(values, size);
    }
  }
}
