package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	_ "modernc.org/sqlite" // the engine
)

// cutter says how FTS5 is told of Chinese words, of which it knows nothing.
type cutter interface {
	tokenizer() string
	// stored is the text as it is given to FTS5.
	stored(text string) string
	// terms are the expressions that a text is asked for by, each once.
	terms(text string) []string
}

// trigrams is FTS5's own: any three characters. Words of two are not found.
type trigrams struct{}

func (trigrams) tokenizer() string         { return "trigram" }
func (trigrams) stored(text string) string { return text }
func (trigrams) terms(text string) []string {
	return windows(text, 3)
}

// bigrams are pairs of characters, made before FTS5 sees the text.
type bigrams struct{}

func (bigrams) tokenizer() string         { return "unicode61" }
func (bigrams) stored(text string) string { return strings.Join(pairs(text), " ") }
func (bigrams) terms(text string) []string {
	var out []string
	seen := make(map[string]bool)
	for _, p := range pairs(text) {
		if !seen[p] {
			seen[p] = true
			out = append(out, `"`+p+`"`)
		}
	}
	return out
}

// runs cuts a text into stretches of letters and digits.
func runs(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// pairs are the neighbouring characters of every stretch; a single one stands alone.
func pairs(text string) []string {
	var out []string
	for _, run := range runs(text) {
		runes := []rune(run)
		if len(runes) == 1 {
			out = append(out, run)
		}
		for i := range len(runes) - 1 {
			out = append(out, string(runes[i:i+2]))
		}
	}
	return out
}

// windows are the distinct stretches of n characters, quoted.
func windows(text string, n int) []string {
	var out []string
	seen := make(map[string]bool)
	for _, run := range runs(text) {
		runes := []rune(run)
		for i := range max(0, len(runes)-n+1) {
			if w := string(runes[i : i+n]); !seen[w] {
				seen[w] = true
				out = append(out, `"`+w+`"`)
			}
		}
	}
	return out
}

// fts5 is one table of FTS5 and one of the facets.
type fts5 struct {
	db   *sql.DB
	path string
	cut  cutter
	docs int
}

func openFTS5(dir string, cut cutter) (peer, error) {
	path := filepath.Join(dir, "fts5.db")
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-262144)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(context.Background(), `CREATE VIRTUAL TABLE doc USING fts5(title, text, tokenize = '`+cut.tokenizer()+`');
		CREATE TABLE fact (rowid INTEGER PRIMARY KEY, id TEXT, field TEXT, region TEXT, maturity TEXT, kind TEXT)`)
	return &fts5{db: db, path: path, cut: cut}, err
}

func (f *fts5) index(ctx context.Context, docs []document) error {
	f.docs = len(docs)
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i, d := range docs {
		if _, err := tx.ExecContext(ctx, `INSERT INTO doc (rowid, title, text) VALUES (?, ?, ?)`, i+1, f.cut.stored(d.title), f.cut.stored(d.text)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)`, i+1, d.id,
			d.facets["field"], d.facets["region"], d.facets["maturity"], d.facets["kind"])
		if err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO doc (doc) VALUES ('optimize')`); err != nil {
		return err
	}
	return tx.Commit()
}

func (f *fts5) find(ctx context.Context, words []string, region string) (total int, err error) {
	var all []string
	for _, w := range words {
		if terms := f.cut.terms(w); len(terms) > 0 {
			all = append(all, terms...)
		}
	}
	if len(all) == 0 {
		return 0, nil
	}
	match := strings.Join(all, " AND ")
	err = f.db.QueryRowContext(ctx, `SELECT count(*) FROM doc JOIN fact ON fact.rowid = doc.rowid WHERE doc MATCH ? AND region = ?`, match, region).Scan(&total)
	if err != nil {
		return 0, err
	}
	if err := f.each(ctx, `SELECT id, highlight(doc, 0, '<', '>') || highlight(doc, 1, '<', '>') FROM doc JOIN fact ON fact.rowid = doc.rowid
		WHERE doc MATCH ? AND region = ? ORDER BY bm25(doc) LIMIT 20`, match, region); err != nil {
		return 0, err
	}
	for _, facet := range facetNames() {
		if err := f.each(ctx, fmt.Sprintf(`SELECT %s, count(*) FROM doc JOIN fact ON fact.rowid = doc.rowid WHERE doc MATCH ? AND region = ? GROUP BY 1`, facet), match, region); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// each reads all rows of two columns.
func (f *fts5) each(ctx context.Context, query string, args ...any) error {
	rows, err := f.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
	}
	return rows.Err()
}

// mostTerms is how many terms of a need FTS5 is asked for: it takes no weights,
// and its time grows with every one.
const mostTerms = 400

func (f *fts5) rank(ctx context.Context, n need, limit int, only []string) (out []scored, err error) {
	terms := f.cut.terms(n.title + " " + n.body)
	if len(terms) == 0 {
		return nil, nil
	}
	if only != nil {
		limit = f.docs
	}
	match := strings.Join(terms[:min(mostTerms, len(terms))], " OR ")
	rows, err := f.db.QueryContext(ctx, `SELECT id, -bm25(doc) FROM doc JOIN fact ON fact.rowid = doc.rowid WHERE doc MATCH ? ORDER BY 2 DESC LIMIT ?`, match, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s scored
		if err := rows.Scan(&s.id, &s.score); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return keep(out, only), rows.Err()
}

func (f *fts5) disk(context.Context) (int64, error) { return sizeOf(filepath.Dir(f.path)) }

func (f *fts5) close(context.Context) error { return f.db.Close() }
