package app

import (
	"context"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Vocabulary is what an installation may edit: dictionaries, the crosswalks
// between them, and words of the search lexicon. It is also the document that
// the verb “vocabulary” prints and takes.
type Vocabulary struct {
	Dictionaries []scene.Dictionary `json:"dictionaries"`
	Crosswalks   []scene.Crosswalk  `json:"crosswalks"`
	// Words replaces all words added so far; nil leaves them alone.
	Words []scene.Word `json:"words"`
}

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
	edits, err := readEdits(ctx, a.store)
	if err != nil {
		return scene.Wrap("app.EditVocabulary", err)
	}
	edits.Dictionaries = append(edits.Dictionaries, v.Dictionaries...)
	edits.Crosswalks = append(edits.Crosswalks, v.Crosswalks...)
	if v.Words != nil {
		edits.Words = v.Words
	}
	if _, err := NewKit(edits); err != nil {
		return &scene.Error{
			Code: scene.Invalid, Op: "app.EditVocabulary", Key: "vocabulary.invalid",
			Args: map[string]any{"reason": err.Error()}, Err: err,
		}
	}
	id, err := a.ids.New()
	if err != nil {
		return scene.Wrap("app.EditVocabulary", err)
	}
	err = a.store.Update(ctx, func(tx store.Tx) error {
		if err := putVocabulary(ctx, tx.Dictionaries(), v); err != nil {
			return err
		}
		return tx.Emit(ctx, scene.Event{ID: id, Subject: scene.DictionaryChanged, Time: a.o.Now().UTC(), Actor: "cli"})
	})
	return scene.Wrap("app.EditVocabulary", err)
}

func putVocabulary(ctx context.Context, d store.Dictionaries, v Vocabulary) error {
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
// kit and fill a market for it, changed marks go to the markets; everything else is the indexer's.
// On Close it lets go at once: what it did not finish is made anew at the next start.
func (a *App) handle(ctx context.Context, e scene.Event) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.running.alive, cancel)()
	switch e.Subject {
	case scene.MarkChanged:
		return scene.Wrap("app.handle", a.loadMarks(ctx, a.running.markets))
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
