package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/scene"
	"jinghe/internal/web/api"
)

// SimilarNeeds tells of the next opportunity, with a telephone number in it.
func (c *city) SimilarNeeds(_ context.Context, id scene.ID, _ locale.Lang) ([]match.Similar, error) {
	if id == c.opportunities[1].ID {
		return nil, nil
	}
	return []match.Similar{{
		Listing: match.Ref{ID: c.opportunities[1].ID, Name: "桥梁 " + secretPhone}, Similarity: 0.8,
		Differences: []match.Difference{{Key: "figures", First: secretPhone, Second: "12"}},
	}}, nil
}

// SimilarOffers knows none.
func (c *city) SimilarOffers(context.Context, scene.ID, locale.Lang) ([]match.Similar, error) {
	return nil, nil
}

// TestSimilar: near-duplicates are told without contacts, and an entry without
// any has an empty list.
func TestSimilar(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var list api.SimilarList
	s.json(t, "/api/v1/opportunities/"+string(s.opportunities[0].ID)+"/similar", &list)
	if len(list.Items) != 1 || list.Items[0].Similarity != 0.8 || !strings.Contains(list.Items[0].Differences[0].First, "***") {
		t.Errorf("%+v", list)
	}
	for _, path := range []string{
		"/api/v1/opportunities/" + string(s.opportunities[1].ID) + "/similar", "/api/v1/capabilities/" + string(s.capabilities[0].ID) + "/similar",
	} {
		if body := s.want(t, http.StatusOK, path).Body.String(); !strings.Contains(body, `"items":[]`) {
			t.Errorf("%s: %s", path, body)
		}
	}
	s.want(t, http.StatusNotFound, "/api/v1/opportunities/none/similar")
}
