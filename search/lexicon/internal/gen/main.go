// Command gen writes the data files that package lexicon embeds.
//
// It reads two files that the developer has fetched beforehand and takes the
// readings of characters from the go-pinyin module:
//
//	pip download jieba==0.42.1 --no-deps --no-binary :all:   # jieba/dict.txt, MIT
//	npm pack opencc-js@1.4.2                                 # dist/esm-lib/dict/TSCharacters.js, Apache-2.0
//	go run ./search/lexicon/internal/gen -words dict.txt -simplify TSCharacters.js -out search/lexicon/data
//
// The output is the same for the same input, so that a change of data is a change in git.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

func main() {
	words := flag.String("words", "", "dictionary: one `word frequency tag` a line")
	simplify := flag.String("simplify", "", "traditional to simplified table: `t s|t s|…`")
	out := flag.String("out", ".", "folder to write to")
	least := flag.Int("least", 20, "smallest frequency kept")
	flag.Parse()
	if err := run(*words, *simplify, *out, *least); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(words, simplify, out string, least int) error {
	fold, err := foldTable(simplify)
	if err != nil {
		return err
	}
	dictionary, err := wordList(words, fold, least)
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		"fold.txt.gz":   foldLines(fold),
		"words.txt.gz":  dictionary,
		"pinyin.txt.gz": readings(),
	} {
		if err := writeCompressed(filepath.Join(out, name), text); err != nil {
			return err
		}
	}
	return nil
}

// foldTable maps a rune to its search form wherever the two differ: one-rune
// compatibility forms, then no diacritics on Latin letters, lower case, and
// simplified characters, repeated until nothing changes.
func foldTable(path string) (map[rune]rune, error) {
	simple, err := simplified(path)
	if err != nil {
		return nil, err
	}
	table := make(map[rune]rune)
	for r := rune(0x80); r <= 0x1FFFF; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		if to := foldRune(r, simple); to != r {
			table[r] = to
		}
	}
	return table, nil
}

func foldRune(r rune, simple map[rune]rune) rune {
	for range 4 { // longest chain seen is 3
		next := r
		if whole := []rune(norm.NFKC.String(string(next))); len(whole) == 1 {
			next = whole[0]
		}
		if base, marked := latinBase(next); marked {
			next = base
		}
		next = unicode.ToLower(next)
		if s, ok := simple[next]; ok {
			next = s
		}
		if next == r {
			break
		}
		r = next
	}
	return r
}

// latinBase strips the diacritics of a Latin letter.
func latinBase(r rune) (rune, bool) {
	if !unicode.Is(unicode.Latin, r) {
		return r, false
	}
	parts := []rune(norm.NFD.String(string(r)))
	if len(parts) < 2 || parts[0] >= 0x80 {
		return r, false
	}
	return parts[0], true
}

func simplified(path string) (map[rune]rune, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	_, body, ok := strings.Cut(string(raw), `"`)
	if !ok {
		return nil, fmt.Errorf("%s: no quoted table", path)
	}
	body, _, _ = strings.Cut(body, `"`)
	table := make(map[rune]rune)
	for pair := range strings.SplitSeq(body, "|") {
		from, to, ok := strings.Cut(pair, " ")
		if !ok || utf8.RuneCountInString(from) != 1 || utf8.RuneCountInString(to) != 1 {
			return nil, fmt.Errorf("%s: odd pair %q", path, pair)
		}
		f, _ := utf8.DecodeRuneInString(from)
		t, _ := utf8.DecodeRuneInString(to)
		if t <= 0xFFFF { // rarer simplified forms are in no input method and no dictionary
			table[f] = t
		}
	}
	return table, nil
}

func foldLines(table map[rune]rune) []byte {
	from := make([]rune, 0, len(table))
	for r := range table {
		from = append(from, r)
	}
	slices.Sort(from)
	var b bytes.Buffer
	for _, r := range from {
		fmt.Fprintf(&b, "%c%c\n", r, table[r])
	}
	return b.Bytes()
}

// wordList keeps the words of two or more runes that hold a Han character and
// are frequent enough, folded and sorted, and the single characters with their frequencies.
func wordList(path string, fold map[rune]rune, least int) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	frequency := make(map[string]int)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || !strings.ContainsFunc(fields[0], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			continue
		}
		n, err := strconv.Atoi(fields[1])
		if err != nil || n < least {
			continue
		}
		frequency[foldWord(fields[0], fold)] += n
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	sorted := make([]string, 0, len(frequency))
	for w := range frequency {
		sorted = append(sorted, w)
	}
	slices.Sort(sorted)
	var b bytes.Buffer
	for _, w := range sorted {
		fmt.Fprintf(&b, "%s %d\n", w, frequency[w])
	}
	return b.Bytes(), nil
}

func foldWord(w string, fold map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if to, ok := fold[r]; ok {
			return to
		}
		return unicode.ToLower(r)
	}, w)
}

// readings groups the characters of the basic plane by their most common
// reading without tone: one line a syllable.
func readings() []byte {
	by := make(map[string][]rune)
	args := pinyin.NewArgs()
	for r := rune(0x3400); r <= 0x9FFF; r++ {
		if all := pinyin.SinglePinyin(r, args); len(all) > 0 && ascii(all[0]) {
			by[all[0]] = append(by[all[0]], r)
		}
	}
	syllables := make([]string, 0, len(by))
	for s := range by {
		syllables = append(syllables, s)
	}
	slices.Sort(syllables)
	var b bytes.Buffer
	for _, s := range syllables {
		fmt.Fprintf(&b, "%s %s\n", s, string(by[s]))
	}
	return b.Bytes()
}

func ascii(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

func writeCompressed(path string, text []byte) error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, bytes.NewReader(text)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
