package locale_test

import (
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

func TestNotice(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args map[string]any
		want string
	}{
		"Text":       {map[string]any{"name": "内涝"}, "您的订阅“内涝”发现了新的清单条目，请查看。"},
		"Message":    {map[string]any{"name": "@list.separator"}, "您的订阅“；”发现了新的清单条目，请查看。"},
		"NoMessage":  {map[string]any{"name": "@某某"}, "您的订阅“@某某”发现了新的清单条目，请查看。"},
		"Several":    {map[string]any{"name": []string{"内涝", "边坡"}}, "您的订阅“内涝；边坡”发现了新的清单条目，请查看。"},
		"FromRows":   {map[string]any{"name": []any{"内涝", "@list.separator"}}, "您的订阅“内涝；；”发现了新的清单条目，请查看。"},
		"WholeCount": {map[string]any{"name": float64(3)}, "您的订阅“3”发现了新的清单条目，请查看。"},
	} {
		if got := locale.Notice(locale.Zh, &scene.Notice{Key: "notice.search.found", Args: tt.args}); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
