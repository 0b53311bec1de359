package sqlrows

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Dictionaries returns the tables of edited dictionaries, crosswalks and words.
func (t *Tx) Dictionaries() store.Dictionaries { return dictionaries{t} }

type dictionaries struct{ tx *Tx }

func (d dictionaries) Put(ctx context.Context, dict scene.Dictionary) error {
	if dict.Name == "" {
		return d.tx.spoil(invalid("store.name_required", nil))
	}
	body, err := encode(dict)
	if err != nil {
		return d.tx.spoil(err)
	}
	_, err = d.tx.write(ctx, "INSERT INTO dictionary (name, body) VALUES ($1, $2)"+
		" ON CONFLICT (name) DO UPDATE SET body = excluded.body", plain(dict.Name), body)
	return err
}

func (d dictionaries) List(ctx context.Context) ([]scene.Dictionary, error) {
	t := table[scene.Dictionary]{tx: d.tx}
	return t.bodies(ctx, "SELECT body FROM dictionary ORDER BY name")
}

func (d dictionaries) PutCrosswalk(ctx context.Context, c scene.Crosswalk) error {
	if c.From == "" || c.To == "" {
		return d.tx.spoil(invalid("store.name_required", nil))
	}
	body, err := encode(c)
	if err != nil {
		return d.tx.spoil(err)
	}
	_, err = d.tx.write(ctx, "INSERT INTO crosswalk (from_name, to_name, body) VALUES ($1, $2, $3)"+
		" ON CONFLICT (from_name, to_name) DO UPDATE SET body = excluded.body", plain(c.From), plain(c.To), body)
	return err
}

func (d dictionaries) Crosswalks(ctx context.Context) ([]scene.Crosswalk, error) {
	t := table[scene.Crosswalk]{tx: d.tx}
	return t.bodies(ctx, "SELECT body FROM crosswalk ORDER BY from_name, to_name")
}

func (d dictionaries) PutWords(ctx context.Context, words []scene.Word) error {
	seen := make(map[string]bool, len(words))
	args := make([]any, 0, 3*len(words))
	for i, w := range words {
		key := plain(w.Word)
		if key == "" || seen[key] {
			return d.tx.spoil(invalid("store.word", map[string]any{"word": w.Word}))
		}
		seen[key] = true
		body, err := encode(w)
		if err != nil {
			return d.tx.spoil(err)
		}
		args = append(args, i+1, key, body)
	}
	if _, err := d.tx.write(ctx, "DELETE FROM word"); err != nil {
		return err
	}
	return each(args, 3*batch, func(part []any) error {
		_, err := d.tx.write(ctx, insertText("word", []string{"position", "word", "body"}, len(part)/3), part...)
		return err
	})
}

func (d dictionaries) Words(ctx context.Context) ([]scene.Word, error) {
	t := table[scene.Word]{tx: d.tx}
	return t.bodies(ctx, "SELECT body FROM word ORDER BY position")
}
