package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// vocabularyCmd prints or edits dictionaries, crosswalks and words.
type vocabularyCmd struct {
	cityFlags `embed:""`
	Edit      string `placeholder:"FILE" help:"cli.flag.vocabulary_edit"`
	Out       string `short:"o" placeholder:"FILE" help:"cli.flag.out"`
}

// Help shows examples.
func (vocabularyCmd) Help() string {
	return example("jinghe vocabulary --data ./city --out vocabulary.json",
		"jinghe vocabulary --data ./city --edit words.json",
		`{"words": [{"word": "数字孪生体", "synonyms": ["digital twin"]}]}`)
}

// Run prints the vocabulary, or stores the parts that the file holds; a running
// server follows without a restart.
func (cmd *vocabularyCmd) Run(ctx context.Context, con *console) error {
	op, err := con.operator(ctx, cmd.config())
	if err != nil {
		return err
	}
	defer con.close(op)
	if cmd.Edit != "" {
		return cmd.edit(ctx, con, op)
	}
	v, err := op.Vocabulary(ctx)
	if err != nil {
		return err
	}
	return con.writeTo(cmd.Out, func(w io.Writer) error {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(v)
	})
}

func (cmd *vocabularyCmd) edit(ctx context.Context, con *console, op app.Operator) error {
	raw, err := os.ReadFile(cmd.Edit)
	if err != nil {
		return fileError("file.unreadable", cmd.Edit, err)
	}
	var v app.Vocabulary
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		return &scene.Error{
			Code: scene.Invalid, Key: "vocabulary.document", Args: map[string]any{"file": cmd.Edit, "error": err.Error()}, Err: err,
		}
	}
	if err := op.EditVocabulary(ctx, v); err != nil {
		return err
	}
	fmt.Fprintln(con.err, con.text("vocabulary.edited", map[string]any{
		"dictionaries": len(v.Dictionaries), "crosswalks": len(v.Crosswalks), "words": len(v.Words),
	}))
	return nil
}
