#include "app/window/backend.hpp"

#include <glad/gl.h>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cfloat>
#include <iterator>
#include <utility>

#include "app/style/imgui_bridge.hpp"

namespace socketscope::window {
namespace {

constexpr bool kOwnQueue = IMGUI_VERSION_NUM < 18700;

// The key as the layout names it: the key left of X is Z on one keyboard and Y on another. The character that follows
// says more (Backend::Callbacks::character); with Control none follows.
player::Chord chord_of(int key, int scancode, int mods) {
    const player::Chord chord{key, (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0};
    if (key == GLFW_KEY_KP_ADD) return player::typed(chord, '+');
    if (key == GLFW_KEY_KP_SUBTRACT) return player::typed(chord, '-');
    if (key >= 256) return chord;
    const char* name = glfwGetKeyName(key, scancode);
    const bool one = name != nullptr && name[0] != '\0' && name[1] == '\0';
    return player::typed(chord, one ? static_cast<unsigned char>(name[0]) : 0);
}

// Page Up, Page Down, Home and End go to beats and edges of the lesson, also where a presenter's remote sends them.
// Dear ImGui would move the keyboard's place in whatever panel has it, and frame it there. Text fields have them.
struct LessonKey {
    int glfw;
    ImGuiKey imgui;
};
constexpr LessonKey kLessonKeys[] = {{GLFW_KEY_PAGE_UP, ImGuiKey_PageUp},
                                     {GLFW_KEY_PAGE_DOWN, ImGuiKey_PageDown},
                                     {GLFW_KEY_HOME, ImGuiKey_Home},
                                     {GLFW_KEY_END, ImGuiKey_End}};

// `key` as GLFW or as Dear ImGui numbers it: `number` says which.
template <class Number>
bool moves_in_the_lesson(Number LessonKey::*number, Number key) {
    return !ImGui::GetIO().WantTextInput &&
           std::any_of(std::begin(kLessonKeys), std::end(kLessonKeys),
                       [&](const LessonKey& row) { return row.*number == key; });
}

// Where Dear ImGui has a queue of its own.
void keep_back_moving_keys() {
#if IMGUI_VERSION_NUM >= 18700
    auto& events = ImGui::GetCurrentContext()->InputEventsQueue;
    const auto moves = [](const ImGuiInputEvent& event) {
        return event.Type == ImGuiInputEventType_Key && event.Key.Down &&
               moves_in_the_lesson(&LessonKey::imgui, event.Key.Key);
    };
    events.resize(static_cast<int>(std::remove_if(events.begin(), events.end(), moves) - events.begin()));
#endif
}

}  // namespace

static_assert(player::kKeyEscape == GLFW_KEY_ESCAPE && player::kKeyEnter == GLFW_KEY_ENTER &&
              player::kKeyTab == GLFW_KEY_TAB && player::kKeyRight == GLFW_KEY_RIGHT &&
              player::kKeyLeft == GLFW_KEY_LEFT && player::kKeyDown == GLFW_KEY_DOWN &&
              player::kKeyUp == GLFW_KEY_UP && player::kKeyPageUp == GLFW_KEY_PAGE_UP &&
              player::kKeyPageDown == GLFW_KEY_PAGE_DOWN && player::kKeyHome == GLFW_KEY_HOME &&
              player::kKeyEnd == GLFW_KEY_END && player::kKeyF1 == GLFW_KEY_F1 &&
              player::kKeyF5 == GLFW_KEY_F5 && player::kKeyF6 == GLFW_KEY_F6 &&
              player::kKeyF12 == GLFW_KEY_F12);

struct Backend::Callbacks {
    static Backend& of(GLFWwindow* window) {
        return *static_cast<Backend*>(glfwGetWindowUserPointer(window));
    }

    static void key(GLFWwindow* window, int key, int scancode, int action, int mods) {
        Backend& self = of(window);
        if (action != GLFW_RELEASE) self.keys_.push_back(chord_of(key, scancode, mods));
        const bool types = key < 256 || (key >= GLFW_KEY_KP_0 && key <= GLFW_KEY_KP_EQUAL);
        self.character_follows_ = action != GLFW_RELEASE && types && (mods & GLFW_MOD_CONTROL) == 0;
        self.queue({Event::Kind::key, key, scancode, action, mods, 0, 0});
    }
    static void button(GLFWwindow* window, int button, int action, int mods) {
        double x = 0, y = 0;
        glfwGetCursorPos(window, &x, &y);
        of(window).queue({Event::Kind::button, button, 0, action, mods, x, y});
    }
    static void move(GLFWwindow* window, double x, double y) {
        of(window).queue({Event::Kind::move, 0, 0, 0, 0, x, y});
    }
    static void scroll(GLFWwindow* window, double x, double y) {
        of(window).queue({Event::Kind::scroll, 0, 0, 0, 0, x, y});
    }
    // GLFW calls it directly after the key's callback, if the key types something.
    static void character(GLFWwindow* window, unsigned code) {
        Backend& self = of(window);
        if (std::exchange(self.character_follows_, false) && !self.keys_.empty())
            self.keys_.back() = player::typed(self.keys_.back(), code);
        self.queue({Event::Kind::character, static_cast<int>(code), 0, 0, 0, 0, 0});
    }
    static void enter(GLFWwindow* window, int entered) {
        Backend& self = of(window);
        if (kOwnQueue) ImGui_ImplGlfw_CursorEnterCallback(window, entered);
        const bool dragging = self.down_[0] || self.down_[1] || self.down_[2];
        if (!entered && !dragging) self.queue({Event::Kind::move, 0, 0, 0, 0, -FLT_MAX, -FLT_MAX});
    }
    static void focus(GLFWwindow* window, int focused) {
        if (kOwnQueue) ImGui_ImplGlfw_WindowFocusCallback(window, focused);
        of(window).activity_ = true;
    }
    static void drop(GLFWwindow* window, int count, const char** paths) {
        Backend& self = of(window);
        self.dropped_.assign(paths, paths + count);
        self.activity_ = true;
    }
    static void exposed(GLFWwindow* window) { of(window).activity_ = true; }
    static void resized(GLFWwindow* window, int, int) { of(window).activity_ = true; }
};

Backend::Backend(GLFWwindow* window) : window_(window), x_(-FLT_MAX), y_(-FLT_MAX) {
    glfwSetWindowUserPointer(window, this);
    style::begin_context();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    install();  // first: from 1.87 on the backend's callbacks call ours
    ImGui_ImplGlfw_InitForOpenGL(window, !kOwnQueue);
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

Backend::~Backend() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
}

void Backend::install() {
    glfwSetKeyCallback(window_, Callbacks::key);
    glfwSetMouseButtonCallback(window_, Callbacks::button);
    glfwSetCursorPosCallback(window_, Callbacks::move);
    glfwSetScrollCallback(window_, Callbacks::scroll);
    glfwSetCharCallback(window_, Callbacks::character);
    glfwSetCursorEnterCallback(window_, Callbacks::enter);
    glfwSetWindowFocusCallback(window_, Callbacks::focus);
    glfwSetWindowRefreshCallback(window_, Callbacks::exposed);
    glfwSetDropCallback(window_, Callbacks::drop);
    glfwSetFramebufferSizeCallback(window_, Callbacks::resized);
}

void Backend::queue(Event event) {
    activity_ = true;
    switch (event.kind) {
        case Event::Kind::move:
            ++counts_.moves;
            break;
        case Event::Kind::button:
            ++(event.action == GLFW_PRESS ? counts_.presses : counts_.releases);
            break;
        case Event::Kind::key:
            counts_.keys += event.action != GLFW_RELEASE ? 1U : 0U;
            break;
        case Event::Kind::scroll:
            ++counts_.scrolls;
            break;
        case Event::Kind::character:
            break;
    }
    if (!kOwnQueue) return;
    const bool again =
        !events_.empty() && events_.back().kind == Event::Kind::move && event.kind == Event::Kind::move;
    if (again) {
        events_.back() = event;  // only where the pointer is now matters
    } else {
        events_.push_back(event);
    }
}

void Backend::new_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    if (kOwnQueue) {
        feed();
    } else {
        keep_back_moving_keys();
    }
    ImGui::NewFrame();
}

// One frame sees at most one change of each button and key, and no movement after a press: the order in which things
// happened is kept.
void Backend::feed() {
#if IMGUI_VERSION_NUM < 18700
    ImGuiIO& io = ImGui::GetIO();
    bool pressed = false, typed = false, text = false, other_key = false;
    bool button_seen[5]{};
    std::vector<int> keys_seen;
    std::size_t used = 0;
    for (; used < events_.size(); ++used) {
        const Event& event = events_[used];
        if (event.kind == Event::Kind::move) {
            if (pressed || typed) break;
            x_ = static_cast<float>(event.x);
            y_ = static_cast<float>(event.y);
        } else if (event.kind == Event::Kind::button) {
            if (event.code < 0 || event.code > 4) continue;
            const float x = static_cast<float>(event.x), y = static_cast<float>(event.y);
            const bool moved = x != x_ || y != y_;
            if (button_seen[event.code] || typed || (moved && pressed)) break;
            x_ = x;
            y_ = y;
            button_seen[event.code] = pressed = true;
            down_[event.code] = event.action == GLFW_PRESS;
        } else if (event.kind == Event::Kind::key) {
            if (pressed || text ||
                std::find(keys_seen.begin(), keys_seen.end(), event.code) != keys_seen.end())
                break;
            // Ctrl let go at once is still held while Dear ImGui looks at the A of Ctrl A.
            const bool modifier = event.code >= GLFW_KEY_LEFT_SHIFT && event.code <= GLFW_KEY_RIGHT_SUPER;
            if (modifier && other_key) break;
            other_key |= !modifier && event.action != GLFW_RELEASE;
            keys_seen.push_back(event.code);
            typed = true;
            if (event.action == GLFW_RELEASE || !moves_in_the_lesson(&LessonKey::glfw, event.code))
                ImGui_ImplGlfw_KeyCallback(window_, event.code, event.scancode, event.action, event.mods);
        } else if (event.kind == Event::Kind::character) {
            if (pressed) break;
            text = true;
            io.AddInputCharacter(static_cast<unsigned>(event.code));
        } else {
            if (pressed) break;
            io.MouseWheelH += static_cast<float>(event.x);
            io.MouseWheel += static_cast<float>(event.y);
        }
    }
    events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(used));
    // 1.86 presses the item with Space only.
    if (io.KeysDown[GLFW_KEY_ENTER] && !io.WantTextInput) io.NavInputs[ImGuiNavInput_Activate] = 1;
    io.MousePos = {x_, y_};
    std::copy(std::begin(down_), std::end(down_), io.MouseDown);
#endif
}

void Backend::draw(int width, int height) {
    glViewport(0, 0, width, height);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void Backend::fonts_changed() {
#if IMGUI_VERSION_NUM < 19200
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

std::size_t Backend::waiting() const {
#if IMGUI_VERSION_NUM < 18700
    return events_.size();
#else
    return static_cast<std::size_t>(ImGui::GetCurrentContext()->InputEventsQueue.Size);
#endif
}

bool Backend::take_activity() {
    return std::exchange(activity_, false);
}

std::vector<std::string> Backend::take_dropped() {
    return std::exchange(dropped_, {});
}

std::vector<player::Chord> Backend::take_keys() {
    return std::exchange(keys_, {});
}

}  // namespace socketscope::window
