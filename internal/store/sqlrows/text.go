package sqlrows

import (
	"slices"
	"strconv"
	"strings"
)

// batch is how many rows one INSERT takes. More gain nothing on SQLite, whose
// cost of binding rises with the square of the parameters of a statement.
const batch = 25

// insertText returns an INSERT of n rows.
func insertText(table string, columns []string, n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + params(i*len(columns)+1, len(columns)) + ")")
	}
	return b.String()
}

// params returns n placeholders from $first on, with commas between them.
func params(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}

// each calls fn with parts of list of at most size.
func each[T any](list []T, size int, fn func([]T) error) error {
	for part := range slices.Chunk(list, size) {
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

// maxIn bounds the values of one IN list.
const maxIn = 256

// inList calls fn for parts of values, as arguments and the placeholders that
// go between the brackets of IN. The number of placeholders is a power of two,
// filled up with the last value, so that few statements are ever prepared.
func inList[S ~string](values []S, fn func(list string, args []any) error) error {
	return each(values, maxIn, func(part []S) error {
		args := filled(part)
		return fn(params(1, len(args)), args)
	})
}

// filled is values as arguments, the last one repeated until their number is a power of
// two.
func filled[S ~string](values []S) []any {
	n := 1
	for n < len(values) {
		n *= 2
	}
	args := make([]any, n)
	for i := range args {
		args[i] = plain(values[min(i, len(values)-1)])
	}
	return args
}

// clause collects the conditions of a WHERE and their arguments.
type clause struct {
	side  string // table of the same ids to begin with, "" for none
	parts []string
	args  []any
}

// from returns what to select from: a table, or its rows that side has.
func (c *clause) from(table string) string {
	if c.side == "" {
		return table
	}
	return c.side + " JOIN " + table + " USING (id)"
}

// add joins a condition; each ? in it stands for the next argument.
func (c *clause) add(text string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		text = strings.Replace(text, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.parts = append(c.parts, text)
}

// text returns the conditions with WHERE before them, or nothing.
func (c *clause) text() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.parts, " AND ")
}
