/// What `review.html` does: shows one proof after another, keeps the answers, and saves them as a table.
///
/// Nothing is sent. The answers stay in the browser until they are saved; where it keeps nothing, the page says so.
enum ReviewScript {
    static let text: Wording = #"""

        (function () {
          "use strict";
          var body = document.body, code = body.dataset.review, purposes = body.dataset.purposes.split(" ");
          var proofs = Array.prototype.slice.call(document.querySelectorAll("article"));
          var thumbs = Array.prototype.slice.call(document.querySelectorAll(".strip a"));
          var count = document.getElementById("count"), name = document.getElementById("name");
          var saved = document.getElementById("saved"), key = "review " + code;
          var answers = {}, current = 0, unsaved = false, isKept = true, startX = null, startY = null;

          function load() {
            try {
              var text = window.localStorage.getItem(key), data = text ? JSON.parse(text) : null;
              if (data && typeof data.answers === "object" && data.answers) {
                answers = data.answers;
                name.value = typeof data.name === "string" ? data.name : "";
              }
            } catch (error) { isKept = false; }
          }

          function keep() {
            unsaved = true;
            try {
              window.localStorage.setItem(key, JSON.stringify({ answers: answers, name: name.value }));
            } catch (error) { isKept = false; }
            saved.textContent = isKept ? "" : "This browser keeps nothing: save before you close the page.";
          }

          function answer(number) {
            if (!Object.prototype.hasOwnProperty.call(answers, number)) { answers[number] = { comment: "" }; }
            return answers[number];
          }

          function given(number) {
            var its = answers[number] || {};
            return purposes.map(function (purpose) { return its[purpose]; })
              .filter(function (word) { return word === "yes" || word === "no"; });
          }

          function tell() {
            var full = 0;
            proofs.forEach(function (proof, index) {
              var words = given(proof.dataset.number), thumb = thumbs[index], mark = thumb.querySelector(".mark");
              var isFull = words.length === purposes.length;
              var yes = words.filter(function (word) { return word === "yes"; }).length;
              var kind = !isFull || (yes && yes < words.length) ? "some" : yes ? "yes" : "no";
              if (isFull) { full += 1; }
              thumb.classList.toggle("done", isFull);
              thumb.classList.toggle("part", words.length > 0 && !isFull);
              mark.className = "mark " + kind;
              thumb.querySelector(".state").textContent = !words.length ? ", not answered"
                : !isFull ? ", answered in part" : kind === "some" ? ", yes and no" : ", " + kind;
            });
            count.textContent = proofs.length + (proofs.length === 1 ? " proof" : " proofs") + " · " + full + " answered";
          }

          function fill(proof) {
            var its = answer(proof.dataset.number);
            purposes.forEach(function (purpose) {
              proof.querySelectorAll("[data-purpose='" + purpose + "'] input").forEach(function (input) {
                input.checked = its[purpose] === input.value;
                input.dataset.was = input.checked ? "yes" : "";
              });
            });
            proof.querySelector("textarea").value = typeof its.comment === "string" ? its.comment : "";
          }

          function show(index, focus) {
            current = Math.max(0, Math.min(proofs.length - 1, index));
            proofs.forEach(function (proof, place) { proof.classList.toggle("here", place === current); });
            thumbs.forEach(function (thumb, place) {
              thumb.classList.toggle("here", place === current);
              if (place === current) { thumb.setAttribute("aria-current", "true"); }
              else { thumb.removeAttribute("aria-current"); }
            });
            thumbs[current].scrollIntoView({ block: "nearest", inline: "center" });
            [current + 1, current - 1].forEach(function (near) {
              if (proofs[near]) { new Image().src = proofs[near].querySelector("img").getAttribute("src"); }
            });
            if (focus) { proofs[current].querySelector("h2").focus(); }
          }

          function set(proof, purpose, word) {
            answer(proof.dataset.number)[purpose] = word;
          }

          function setAll(word) {
            var proof = proofs[current];
            purposes.forEach(function (purpose) { set(proof, purpose, word); });
            fill(proof);
            tell();
            keep();
          }

          // What stands beside an answer is recorded as its reason, and a note is there once for all purposes: where one
          // of them is a no, the note is about that.
          function remark(its, word) {
            var isRefused = purposes.some(function (purpose) { return its[purpose] === "no"; });
            return typeof its.comment === "string" && !(word === "yes" && isRefused) ? its.comment.trim() : "";
          }

          function cell(text) {
            text = String(text);
            if (/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) || /^[\t\r]/.test(text)) { text = "'" + text; }
            return /[",\r\n\u000B\u000C\u0085\u2028\u2029]|^ | $/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
          }

          function table() {
            var rows = [["review", "proof", "check", "purpose", "answer", "comment", "name"]];
            proofs.forEach(function (proof) {
              var its = answers[proof.dataset.number] || {};
              purposes.forEach(function (purpose) {
                var word = its[purpose] === "yes" || its[purpose] === "no" ? its[purpose] : "";
                rows.push([code, proof.dataset.number, proof.dataset.check, purpose, word, remark(its, word),
                  word ? name.value.trim() : ""]);
              });
            });
            return "\uFEFF" + rows.map(function (row) { return row.map(cell).join(","); }).join("\r\n") + "\r\n";
          }

          function save() {
            var link = document.createElement("a"), file = "answers-" + code + ".csv";
            var url = URL.createObjectURL(new Blob([table()], { type: "text/csv;charset=utf-8" }));
            link.href = url;
            link.download = file;
            document.body.appendChild(link);
            link.click();
            link.remove();
            setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
            unsaved = false;
            saved.textContent = "Saved as " + file + ": send us that file.";
          }

          load();
          body.classList.add("on");
          proofs.forEach(function (proof) {
            fill(proof);
            proof.querySelector("h2").tabIndex = -1;
            proof.addEventListener("change", function (event) {
              var field = event.target.closest("fieldset");
              if (field) { set(proof, field.dataset.purpose, event.target.value); tell(); keep(); }
            });
            // A second press on the answer that stands takes it back.
            proof.querySelectorAll("input[type=radio]").forEach(function (input) {
              input.addEventListener("click", function () {
                var its = answer(proof.dataset.number), purpose = input.closest("fieldset").dataset.purpose;
                if (input.dataset.was === "yes") { input.checked = false; delete its[purpose]; tell(); keep(); }
                proof.querySelectorAll("input[name='" + input.name + "']").forEach(function (other) {
                  other.dataset.was = other.checked ? "yes" : "";
                });
              });
            });
            proof.querySelector("textarea").addEventListener("input", function (event) {
              answer(proof.dataset.number).comment = event.target.value;
              keep();
            });
            proof.querySelector("form").addEventListener("submit", function (event) { event.preventDefault(); });
            proof.querySelectorAll("[data-all]").forEach(function (button) {
              button.addEventListener("click", function () { setAll(button.dataset.all); });
            });
          });
          thumbs.forEach(function (thumb, index) {
            thumb.addEventListener("click", function (event) {
              event.preventDefault();
              show(index, true);
            });
          });
          name.addEventListener("input", keep);
          document.getElementById("save").addEventListener("click", save);

          document.addEventListener("keydown", function (event) {
            if (event.ctrlKey || event.metaKey || event.altKey) { return; }
            if (/^(TEXTAREA|INPUT)$/.test(event.target.tagName) && event.target.type !== "radio") { return; }
            // Left and right are for the pictures alone, also when an answer was just given: by themselves they would
            // turn a yes into a no. Up and down go from answer to answer.
            var step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 }[event.key];
            if (step) { show(current + step, false); }
            else if (event.key === "Home") { show(0, false); }
            else if (event.key === "End") { show(proofs.length - 1, false); }
            // Where several purposes are asked, a letter that was meant for a comment must not answer all of them.
            else if (purposes.length === 1 && (event.key === "y" || event.key === "Y")) { setAll("yes"); }
            else if (purposes.length === 1 && (event.key === "n" || event.key === "N")) { setAll("no"); }
            else { return; }
            event.preventDefault();
          });

          var stage = document.getElementById("proofs");
          stage.addEventListener("touchstart", function (event) {
            var isPicture = event.touches.length === 1 && event.target.closest("figure");
            startX = isPicture ? event.touches[0].clientX : null;
            startY = isPicture ? event.touches[0].clientY : null;
          }, { passive: true });
          stage.addEventListener("touchend", function (event) {
            if (startX === null) { return; }
            var way = event.changedTouches[0].clientX - startX, fall = event.changedTouches[0].clientY - startY;
            var isZoomed = window.visualViewport && window.visualViewport.scale > 1.05;
            if (!isZoomed && Math.abs(way) > 48 && Math.abs(way) > Math.abs(fall)) {
              show(current + (way < 0 ? 1 : -1), false);
            }
            startX = null;
          });

          window.addEventListener("beforeunload", function (event) {
            if (unsaved && !isKept) { event.preventDefault(); event.returnValue = ""; }
          });

          tell();
          show(0, false);
        })();

        """#
}
