package app

import (
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/search/lexicon"
)

// Kit is what matching needs besides rows: no store, no server.
type Kit struct {
	Dictionaries *scene.Dictionaries
	Lexicon      *lexicon.Lexicon
	Engine       *match.Engine
}

// NewKit loads the dictionaries, the lexicon and the weights that ship with
// the program, with the given edits laid over them.
func NewKit(edits ...Edits) (*Kit, error) {
	dicts, err := scene.LoadDictionaries()
	if err != nil {
		return nil, scene.Wrap("app.NewKit", err)
	}
	weights, err := match.DefaultWeights()
	if err != nil {
		return nil, scene.Wrap("app.NewKit", err)
	}
	var entries []lexicon.Entry
	for _, e := range edits {
		if dicts, err = dicts.With(e.Dictionaries, e.Crosswalks); err != nil {
			return nil, scene.Wrap("app.NewKit", err)
		}
		entries = append(entries, e.entries()...)
		if e.Weights != nil {
			weights = *e.Weights
		}
		if e.Embedding {
			weights = weights.WithEmbedding(match.EmbeddingShare)
		}
	}
	lex, err := lexicon.New(entries...)
	if err != nil {
		return nil, scene.Wrap("app.NewKit", err)
	}
	engine, err := match.New(lex, dicts, weights)
	if err != nil {
		return nil, scene.Wrap("app.NewKit", err)
	}
	return &Kit{Dictionaries: dicts, Lexicon: lex, Engine: engine}, nil
}

// Edits are the changes an installation made to what ships with the program.
type Edits struct {
	Dictionaries []scene.Dictionary
	Crosswalks   []scene.Crosswalk
	Words        []scene.Word
	// Weights is the set in force; nil is the one that ships.
	Weights *match.Weights
	// Embedding gives the part of an outside model its weight.
	Embedding bool
}

func (e *Edits) entries() []lexicon.Entry {
	entries := make([]lexicon.Entry, len(e.Words))
	for i, w := range e.Words {
		entries[i] = lexicon.Entry{Word: w.Word, Synonyms: w.Synonyms, Pinyin: w.Pinyin, Exclude: w.Exclude, Stop: w.Stop}
	}
	return entries
}
