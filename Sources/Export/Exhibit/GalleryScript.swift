/// The large view of `index.html`: the only thing that its script does.
enum GalleryScript {
    static let text: Wording = #"""

        (function () {
          "use strict";
          var links = Array.prototype.slice.call(document.querySelectorAll(".work a"));
          var loupe = document.getElementById("loupe");
          if (!links.length || !loupe.showModal) { return; }
          var image = loupe.querySelector("img"), video = loupe.querySelector("video");
          var said = loupe.querySelector(".said"), count = loupe.querySelector(".count");
          var current = 0, startX = null, parts = [];

          function silence() {
            video.pause();
            video.removeAttribute("src");
            video.load();
          }

          function show(index) {
            current = (index + links.length) % links.length;
            var link = links[current], small = link.querySelector("img");
            var isFilm = link.hasAttribute("data-film");
            silence();
            image.hidden = isFilm;
            video.hidden = !isFilm;
            if (isFilm) {
              video.poster = link.dataset.large;
              parts = link.dataset.film ? link.dataset.film.split("|") : [];
              video.src = link.getAttribute("href");
              video.setAttribute("aria-label", small.alt);
            } else {
              image.removeAttribute("src");
              image.setAttribute("width", small.getAttribute("width"));
              image.setAttribute("height", small.getAttribute("height"));
              image.src = link.dataset.large;
              image.alt = small.alt;
            }
            var label = document.querySelector("#n" + link.parentNode.id.slice(1) + " .label");
            said.replaceChildren.apply(said, Array.prototype.map.call(label.children, function (line) {
              return line.cloneNode(true);
            }));
            count.textContent = (current + 1) + " of " + links.length;
            [current + 1, current - 1].forEach(function (near) {
              var other = links[(near + links.length) % links.length];
              new Image().src = other.dataset.large;
            });
          }

          links.forEach(function (link, index) {
            link.addEventListener("click", function (event) {
              if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) { return; }
              event.preventDefault();
              show(index);
              loupe.showModal();
              loupe.querySelector("[data-go='1']").focus();
            });
          });

          loupe.addEventListener("click", function (event) {
            var button = event.target.closest("button");
            if (button && button.hasAttribute("data-close")) { loupe.close(); }
            else if (button) { show(current + Number(button.dataset.go)); }
            else if (event.target.classList.contains("stage")) { loupe.close(); }
          });

          loupe.addEventListener("keydown", function (event) {
            if (event.target === video || event.ctrlKey || event.metaKey || event.altKey) { return; }
            var step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 }[event.key];
            var place = { Home: 0, End: links.length - 1 }[event.key];
            if (step) { show(current + step); }
            else if (place !== undefined) { show(place); }
            else { return; }
            event.preventDefault();
          });

          loupe.addEventListener("touchstart", function (event) {
            startX = event.touches.length === 1 && event.target !== video ? event.touches[0].clientX : null;
          }, { passive: true });
          loupe.addEventListener("touchend", function (event) {
            if (startX === null) { return; }
            var way = event.changedTouches[0].clientX - startX;
            if (Math.abs(way) > 48) { show(current + (way < 0 ? 1 : -1)); }
            startX = null;
          });

          video.addEventListener("ended", function () {
            if (!parts.length) { return; }
            video.src = parts.shift();
            video.play();
          });

          loupe.addEventListener("close", function () {
            silence();
            links[current].focus();
            links[current].scrollIntoView({ block: "nearest" });
          });
        })();

        """#
}
