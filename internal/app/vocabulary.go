package app

import (
	"context"
	"fmt"
	"slices"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Vocabulary is the document that the verb “vocabulary” prints and takes.
type Vocabulary = scene.Vocabulary

// Vocabulary returns the dictionaries and crosswalks in force, edits laid over
// what ships with the program, and the words that were added.
func (a *App) Vocabulary(ctx context.Context) (Vocabulary, error) {
	dicts := a.kit.Load().Dictionaries
	v := Vocabulary{Crosswalks: dicts.Crosswalks(), Words: []scene.Word{}}
	for _, name := range dicts.Names() {
		d, _ := dicts.Get(name)
		v.Dictionaries = append(v.Dictionaries, d)
	}
	err := a.store.View(ctx, func(tx store.Tx) error {
		words, err := tx.Dictionaries().Words(ctx)
		v.Words = append(v.Words, words...)
		return err
	})
	return v, scene.Wrap("app.Vocabulary", err)
}

// EditVocabulary stores the given parts and leaves the others alone. A running
// server follows at once, without a restart. An edit that does not hold
// together (a link to a code that does not exist, a word of blanks) is Invalid
// and changes nothing.
func (a *App) EditVocabulary(ctx context.Context, v Vocabulary) error {
	if _, err := a.edited(ctx, v); err != nil {
		return scene.Wrap("app.EditVocabulary", err)
	}
	err := a.store.Update(ctx, func(tx store.Tx) error { return a.putVocabulary(ctx, tx, scene.Console(), v) })
	return scene.Wrap("app.EditVocabulary", err)
}

// Amend makes one edit in the name of an account, with a line in the record of
// changes. Forbidden, Invalid and NotFound are as scene.Rules and
// scene.Vocabulary.Amend say; Conflict where somebody else was quicker.
func (a *App) Amend(ctx context.Context, by scene.Actor, change scene.Amendment) error {
	const op = "app.Amend"
	if err := by.May(scene.VocabularyEdit, scene.Object{}); err != nil {
		return err
	}
	before, next, err := a.amended(ctx, change)
	if err == nil {
		_, err = a.edited(ctx, next)
	}
	if err != nil {
		return scene.Wrap(op, err)
	}
	err = a.store.Update(ctx, func(tx store.Tx) error {
		words, err := tx.Dictionaries().Words(ctx)
		if err != nil {
			return err
		}
		walks, err := tx.Dictionaries().Crosswalks(ctx)
		if err != nil {
			return err
		}
		if now := (Vocabulary{Words: words, Crosswalks: walks}); !now.Equal(&before) {
			return &scene.Error{Code: scene.Conflict, Key: "vocabulary.changed_meanwhile"}
		}
		return a.putVocabulary(ctx, tx, by, next)
	})
	return scene.Wrap(op, err)
}

// amended returns what is stored now, and the edit that the change amounts to.
func (a *App) amended(ctx context.Context, change scene.Amendment) (before, next Vocabulary, err error) {
	edits, err := readEdits(ctx, a.store)
	if err != nil {
		return before, next, err
	}
	before = Vocabulary{Words: edits.Words, Crosswalks: edits.Crosswalks}
	inForce := Vocabulary{Words: edits.Words, Crosswalks: a.kit.Load().Dictionaries.Crosswalks()}
	next, err = inForce.Amend(change)
	return before, next, err
}

// edited returns the kit that the edit would make, or an Invalid error.
func (a *App) edited(ctx context.Context, v Vocabulary) (*Kit, error) {
	edits, err := readEdits(ctx, a.store)
	if err != nil {
		return nil, err
	}
	if edits.Weights, err = a.readWeights(ctx); err != nil {
		edits.Weights = nil // what ships serves as well for looking
	}
	edits.Dictionaries = append(edits.Dictionaries, v.Dictionaries...)
	edits.Crosswalks = append(edits.Crosswalks, v.Crosswalks...)
	if v.Words != nil {
		edits.Words = v.Words
	}
	kit, err := NewKit(edits)
	if err != nil {
		return nil, &scene.Error{
			Code: scene.Invalid, Key: "vocabulary.invalid", Args: map[string]any{"reason": err.Error()}, Err: err,
		}
	}
	return kit, nil
}

// putVocabulary writes the edit, its line in the record, and its event.
func (a *App) putVocabulary(ctx context.Context, tx store.Tx, by scene.Actor, v Vocabulary) error {
	before, err := tx.Dictionaries().Words(ctx)
	if err != nil {
		return err
	}
	walks := a.kit.Load().Dictionaries.Crosswalks()
	if err := putParts(ctx, tx.Dictionaries(), v); err != nil {
		return err
	}
	was, is := map[string]any{}, map[string]any{}
	if v.Words != nil {
		recordWords(was, before)
		recordWords(is, v.Words)
	}
	for _, c := range v.Crosswalks {
		at := slices.IndexFunc(walks, func(w scene.Crosswalk) bool { return w.From == c.From && w.To == c.To })
		if at >= 0 {
			recordLinks(was, walks[at])
		}
		recordLinks(is, c)
	}
	recorder := store.Recorder{IDs: a.ids, Now: a.o.Now}
	if err := recorder.Record(ctx, tx, by, "vocabulary.edit", "vocabulary", "", "", was, is); err != nil {
		return err
	}
	id, err := a.ids.New()
	if err != nil {
		return err
	}
	return tx.Emit(ctx, scene.Event{ID: id, Subject: scene.DictionaryChanged, Time: a.o.Now().UTC(), Actor: string(by.ID)})
}

// recordWords and recordLinks tell a vocabulary as the record of changes shows
// it: a field for each word and each link, so that one edit is one difference.
func recordWords(into map[string]any, words []scene.Word) {
	for _, w := range words {
		into["word "+w.Word] = w
	}
}

func recordLinks(into map[string]any, c scene.Crosswalk) {
	for _, l := range c.Links {
		into[fmt.Sprintf("%s %s > %s %s", c.From, l.From, c.To, l.To)] = l.Weight
	}
}

func putParts(ctx context.Context, d store.Dictionaries, v Vocabulary) error {
	for _, dict := range v.Dictionaries {
		if err := d.Put(ctx, dict); err != nil {
			return err
		}
	}
	for _, c := range v.Crosswalks {
		if err := d.PutCrosswalk(ctx, c); err != nil {
			return err
		}
	}
	if v.Words == nil {
		return nil
	}
	return d.PutWords(ctx, v.Words)
}

// loadKit builds the kit of this installation from what ships and what was edited.
func (a *App) loadKit(ctx context.Context) (*Kit, error) {
	edits, err := readEdits(ctx, a.store)
	if err != nil {
		return nil, err
	}
	edits.Embedding = a.cfg.EmbedderURL != ""
	edits.Weights, err = a.readWeights(ctx)
	switch scene.CodeOf(err) {
	case "":
	case scene.Precondition: // kept by another version of the program: rankings go on by what ships, and doctor tells
		a.log.Error("the weights in force cannot be read; the set that ships is used", "error", err)
	default:
		return nil, err
	}
	return NewKit(edits)
}

// readEdits reads what this installation changed.
func readEdits(ctx context.Context, s store.Store) (e Edits, err error) {
	err = s.View(ctx, func(tx store.Tx) (err error) {
		if e.Dictionaries, err = tx.Dictionaries().List(ctx); err != nil {
			return err
		}
		if e.Crosswalks, err = tx.Dictionaries().Crosswalks(ctx); err != nil {
			return err
		}
		e.Words, err = tx.Dictionaries().Words(ctx)
		return err
	})
	return e, err
}

// handle is the consumer of a running App: changed words or weights swap the
// kit and fill a market for it, changed marks go to the markets, changed saved
// searches to their book; everything else is the indexer's.
// On Close it lets go at once: what it did not finish is made anew at the next start.
func (a *App) handle(ctx context.Context, e scene.Event) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.running.alive, cancel)()
	switch e.Subject {
	case scene.MarkChanged:
		return scene.Wrap("app.handle", a.loadMarks(ctx, a.running.markets))
	case scene.SearchChanged:
		return a.searches.Follow(ctx, e.IDs)
	case scene.DictionaryChanged, scene.WeightsChanged:
	default:
		err := a.running.index.Handle(ctx, e)
		if err != nil {
			a.running.stale.Store(true)
		}
		return err
	}
	kit, err := a.loadKit(ctx)
	if err != nil {
		return scene.Wrap("app.handle", err)
	}
	err = a.running.markets.replace(ctx, kit, func() error {
		if err := a.running.index.Relex(ctx, kit.Lexicon); err != nil {
			return err
		}
		a.kit.Store(kit)
		return a.running.index.Rebuild(ctx, nil)
	})
	return scene.Wrap("app.handle", err)
}
