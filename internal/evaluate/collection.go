package evaluate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Document is one entry of a corpus.
type Document struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Topic is one query: a title and, in some collections, a body.
type Topic struct {
	ID      string `json:"_id"`
	Text    string `json:"text"`
	Content string `json:"content"`
}

// Grades maps a document to the grade people gave it for one topic.
type Grades map[string]int

// Collection is a graded set: a folder with corpus.jsonl {_id,title,text},
// queries.jsonl {_id,text[,content]} and qrels.tsv (query-id, corpus-id, score).
type Collection struct {
	Name      string // base name of the folder
	Documents []Document
	Topics    []Topic
	Grades    map[string]Grades // by topic
}

// maxLine bounds one line of a collection's files, in bytes.
const maxLine = 8 << 20

// ReadCollection reads the folder dir. A line that cannot be read fails the
// call with the file and the line; a topic without judgements is allowed.
func ReadCollection(dir string) (*Collection, error) {
	c := &Collection{Name: filepath.Base(filepath.Clean(dir)), Grades: map[string]Grades{}}
	if err := readLines(filepath.Join(dir, "corpus.jsonl"), func(line []byte) error {
		var d Document
		if err := unmarshalLine(line, &d, &d.ID); err != nil {
			return err
		}
		c.Documents = append(c.Documents, d)
		return nil
	}); err != nil {
		return nil, err
	}
	if err := readLines(filepath.Join(dir, "queries.jsonl"), func(line []byte) error {
		var t Topic
		if err := unmarshalLine(line, &t, &t.ID); err != nil {
			return err
		}
		c.Topics = append(c.Topics, t)
		return nil
	}); err != nil {
		return nil, err
	}
	return c, c.readGrades(filepath.Join(dir, "qrels.tsv"))
}

func unmarshalLine(line []byte, into any, id *string) error {
	if err := json.Unmarshal(line, into); err != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	if *id == "" {
		return errors.New("no _id")
	}
	return nil
}

func (c *Collection) readGrades(path string) error {
	first := true
	return readLines(path, func(line []byte) error {
		cells := strings.Split(strings.TrimRight(string(line), "\r"), "\t")
		if first {
			first = false
			if len(cells) == 3 && cells[2] == "score" {
				return nil
			}
		}
		if len(cells) != 3 {
			return fmt.Errorf("%d cells instead of query-id, corpus-id, score", len(cells))
		}
		grade, err := strconv.Atoi(cells[2])
		if err != nil || grade < 0 {
			return fmt.Errorf("score %q is not a number from 0", cells[2])
		}
		if c.Grades[cells[0]] == nil {
			c.Grades[cells[0]] = Grades{}
		}
		c.Grades[cells[0]][cells[1]] = grade
		return nil
	})
}

func readLines(path string, each func([]byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && len(line) > 0 {
			err = each(line)
		}
		if err != nil {
			return fmt.Errorf("%s line %d: %w", path, n, err)
		}
	}
}

// readLine returns the next line without its end; an empty line is empty.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return nil, err
		}
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, fmt.Errorf("longer than %d bytes", maxLine)
		}
		if !more {
			return line, nil
		}
	}
}
