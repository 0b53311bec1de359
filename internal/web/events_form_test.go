package web_test

import (
	"net/http"
	"strings"
	"testing"

	"jinghe/internal/scene"
)

// TestEventFaultsAtOnce: everything that is wrong with an event is told at once, each at
// its field; a day that is over is asked about, and taken when somebody says that it is right.
func TestEventFaultsAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, unlimited)
	b := o.as(scene.RoleSteward)
	const page = "/console/events/new"
	wrong := fairForm("title", " ", "day", "明天", "programme", "09:00 开会\n10:00-11:00 一对一\n11:00-12:00 聚餐", "halls", "一号厅\nB 0", "minutes", "2", "min", "9", "max", "3", "capacity", "六十")
	w := b.fill(page, page, wrong)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d, want it refused", w.Code)
	}
	faults := map[string]string{}
	for _, x := range parse(t, page, w.Body.String()).all("p") {
		if attr(x, "class") == "field-fault" {
			faults[attr(x, "id")] = text(x)
		}
	}
	for field, texts := range map[string][]string{
		"title": {"必填"}, "day": {"请填写日期"}, "programme": {"第 1 行“09:00 开会”看不懂时间", "第 3 行“11:00-12:00 聚餐”看不懂环节"},
		"halls": {"第 1 行“一号厅”", "第 2 行“B 0”"}, "minutes": {"5 到 240 分钟"}, "min": {"最少场次不能多于最多场次"}, "capacity": {"“六十”不是整数"},
	} {
		for _, want := range texts {
			if !strings.Contains(faults["fault-"+field], want) {
				t.Errorf("%s lacks %q: %q", field, want, faults["fault-"+field])
			}
		}
	}
	if !strings.Contains(w.Body.String(), `value="六十"`) {
		t.Error("what was typed as a number is lost")
	}

	past := fairForm("day", today().AddDate(0, 0, -3).Format("2006-01-02"))
	w = b.fill(page, page, past)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "就已结束") || !strings.Contains(body, `name="past"`) {
		t.Fatalf("a day that is over: %d\n%s", w.Code, shown(body))
	}
	past.Set("past", "yes")
	where(t, "a past event on purpose", b.fill(page, page, past))
}
