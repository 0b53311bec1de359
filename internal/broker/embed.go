package broker

import (
	"context"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// Embedder places texts in a space, one vector a text, all of one length.
type Embedder interface {
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// embedChunk is how many rows are asked about before the context is looked at again.
const embedChunk = 512

// Embed has a model place every published row, and uses the places from then
// on. Telephone numbers and the like in running text are covered first: the
// model is somebody else's. Rows that came after stay neutral until the next
// call. When the model fails, what was known stays, and the error is returned.
func (m *Market) Embed(ctx context.Context, e Embedder) error {
	var profiles []*match.Profile
	var texts []string
	for _, s := range []*side{&m.needs, &m.offers} {
		for _, row := range s.sorted() {
			if row.profile.Public() {
				title, body := row.profile.TitleAndBody()
				profiles, texts = append(profiles, row.profile), append(texts, scene.Redact(title+"\n"+body))
			}
		}
	}
	vectors := make([][]float32, 0, len(texts))
	for from := 0; from < len(texts); from += embedChunk {
		part, err := e.Embed(ctx, texts[from:min(from+embedChunk, len(texts))])
		if err != nil {
			return scene.Wrap("broker.Embed", err)
		}
		vectors = append(vectors, part...)
	}
	embedded := match.NewEmbedded(profiles, vectors)
	for {
		old := m.lesson.Load()
		next := *old
		next.embedded = embedded
		if m.lesson.CompareAndSwap(old, &next) {
			return nil
		}
	}
}

// note says what a ranking had to do without: the model that its weights count on.
func (m *Market) note(asker *match.Profile, lang locale.Lang) string {
	if !m.engine.Weighs("embedding") || len(m.lesson.Load().embedded[asker]) > 0 {
		return ""
	}
	return locale.Text(lang, "match.note.embedding", nil)
}
