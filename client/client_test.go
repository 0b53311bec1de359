package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jinghe/client"
)

func serve(t *testing.T, answer http.HandlerFunc) *client.Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return client.New(s.URL+"/", "secret")
}

func TestAll(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/capabilities" || r.URL.Query().Get("field") != "smart_water" || r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		switch r.URL.Query().Get("cursor") {
		case "":
			fmt.Fprint(w, `{"items":[{"id":"1"},{"id":"2"}],"next_cursor":"c"}`)
		case "c":
			fmt.Fprint(w, `{"items":[{"id":"3"}],"next_cursor":"broken"}`)
		default:
			http.Error(w, "away", http.StatusBadGateway)
		}
	})
	var ids []string
	var last error
	for x, err := range client.All[client.Listing](t.Context(), c, "/capabilities", url.Values{"field": {"smart_water"}}) {
		if last = err; err == nil {
			ids = append(ids, x.ID)
		}
	}
	p, ok := errors.AsType[*client.Problem](last)
	if strings.Join(ids, "") != "123" || !ok || p.Status != http.StatusBadGateway {
		t.Errorf("%v, %v", ids, last)
	}
	for x, err := range client.All[client.Listing](t.Context(), c, "/capabilities", url.Values{"field": {"smart_water"}}) {
		if err != nil || x.ID != "1" {
			t.Errorf("the first of all is %q, %v", x.ID, err)
		}
		break
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var sent map[string]string
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		if sent["name"] == "" {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"code":"invalid","detail":"x","request_id":"r","errors":[{"field":"name","message":"missing"}]}`)
			return
		}
		w.Header().Set("ETag", r.Header.Get("If-Match"))
		w.Header().Set("Idempotency-Replayed", "true")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"id":"1","entry":{"name":"`+r.Header.Get("Idempotency-Key")+r.Header.Get("Accept-Language")+`"}}`)
	})
	c.Lang = "en"
	var e client.Entry[map[string]string]
	a, err := c.Do(t.Context(), http.MethodPost, "/entries/capabilities", map[string]string{"name": "a"}, &e, client.Once("k").With(client.IfMatch(`"3"`)))
	if err != nil || a.Status != 201 || a.ETag != `"3"` || !a.Replayed || e.Entry["name"] != "ken" {
		t.Errorf("%+v, %+v, %v", a, e, err)
	}
	_, err = c.Do(t.Context(), http.MethodPost, "/entries/capabilities", map[string]string{}, &e, nil)
	p, ok := errors.AsType[*client.Problem](err)
	if !ok || p.Code != "invalid" || p.RetryAfter != 7*time.Second || p.Error() != "422 invalid: x [name: missing] (r)" {
		t.Errorf("%v", err)
	}
}
