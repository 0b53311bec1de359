package lexicon

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// The general dictionary, the folding table and the readings are made by
// internal/gen; domain, readings and stop words are written by hand.
//
//go:embed data
var data embed.FS

// load builds the lexicon of the embedded data.
func load() (*Lexicon, error) {
	l := &Lexicon{
		base:     &base{spare: &sync.Pool{New: func() any { return new(analysis) }}},
		synonyms: make(map[string][]string),
		stop:     make(map[string]struct{}),
		readings: make(readings),
	}
	digest := sha256.New()
	steps := []struct {
		file string
		read func([]byte) error
	}{
		{"fold.txt.gz", func(b []byte) (err error) { l.base.fold, err = newFolder(b); return err }},
		{"pinyin.txt.gz", func(b []byte) (err error) { l.base.sounds, err = newSounds(b); return err }},
		{"words.txt.gz", l.readWords},
		{"readings.txt", l.readReadings},
		{"stop.txt", l.readStop},
		{"domain.txt", l.readDomain},
	}
	for _, step := range steps {
		raw, err := data.ReadFile("data/" + step.file)
		if err != nil {
			return nil, err
		}
		digest.Write(raw)
		if strings.HasSuffix(step.file, ".gz") {
			if raw, err = decompress(raw); err != nil {
				return nil, fmt.Errorf("%s: %w", step.file, err)
			}
		}
		if err := step.read(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", step.file, err)
		}
	}
	l.version = hex.EncodeToString(digest.Sum(nil)[:8])
	return l, nil
}

func decompress(raw []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// readWords fills the dictionary from lines `word frequency`.
func (l *Lexicon) readWords(text []byte) error {
	total := 0.0
	frequencies := make([]float64, 0, 80_000)
	for line := range bytes.Lines(text) {
		_, number, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
		f, err := strconv.Atoi(string(number))
		if err != nil {
			return fmt.Errorf("odd line %q", line)
		}
		frequencies = append(frequencies, float64(f))
		total += float64(f)
	}
	const edgesPerWord = 2
	l.words = newTrie(edgesPerWord * len(frequencies))
	l.base.unknown = logProbability(1, total)
	at := 0
	for line := range bytes.Lines(text) {
		word, _, _ := bytes.Cut(line, []byte(" "))
		l.words.set(string(word), logProbability(frequencies[at], total))
		at++
	}
	return nil
}

// readReadings adds lines `word syllable syllable …`.
func (l *Lexicon) readReadings(text []byte) error {
	return eachLine(text, func(line string) error {
		word, syllables, _ := strings.Cut(line, " ")
		return l.readings.add(l.Fold(word), syllables)
	})
}

func (l *Lexicon) readStop(text []byte) error {
	return eachLine(text, func(line string) error {
		for word := range strings.FieldsSeq(line) {
			l.stop[l.Fold(word)] = struct{}{}
		}
		return nil
	})
}

// readDomain adds lines of words that mean the same, separated by `|`.
func (l *Lexicon) readDomain(text []byte) error {
	var entries []Entry
	err := eachLine(text, func(line string) error {
		words := strings.Split(line, "|")
		entries = append(entries, Entry{Word: words[0], Synonyms: words[1:]})
		return nil
	})
	if err != nil {
		return err
	}
	return l.addAll(entries)
}

// eachLine skips blank lines and comments.
func eachLine(text []byte, do func(line string) error) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := do(line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return lines.Err()
}
