package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"jinghe/internal/scene"
)

// MaxExchangeValues is how many values (texts, numbers, lists and all within them)
// the lists of another centre may have: some 30,000 entries as centres write
// them. A value takes up to fifty times its bytes while a document is read, so
// that bytes alone are no bound on memory.
const MaxExchangeValues = 2_000_000

// bounded looks at the lists of another centre before they are taken apart.
func (a *API) bounded(ctx huma.Context, next func(huma.Context)) {
	if o := ctx.Operation(); o.Method != http.MethodPost || o.Path != exchangePath {
		next(ctx)
		return
	}
	body, err := readAgain(humaecho.Unwrap(ctx))
	if err == nil {
		err = boundedExchange(body)
	}
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	next(ctx)
}

// boundedExchange is a TooLarge error for a document of too many values.
func boundedExchange(content []byte) error {
	if valuesIn(content) <= MaxExchangeValues {
		return nil
	}
	return &scene.Error{Code: scene.TooLarge, Op: "api.boundedExchange", Key: "exchange.too_many", Args: map[string]any{"most": MaxExchangeValues}}
}

// valuesIn is at least the number of values in a JSON document: what opens
// and what separates, outside of texts. It takes no memory.
func valuesIn(content []byte) int {
	n, text := 1, false
	for i := 0; i < len(content); i++ {
		switch c := content[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case !text && (c == ',' || c == '[' || c == '{'):
			n++
		}
	}
	return n
}
