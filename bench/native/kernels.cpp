// The kernels of `./millrace bench kernels` in OpenBLAS and oneDNN, as JSON lines in the same form.
//
//   g++ -O2 -std=c++17 -I DNNL/include -I OPENBLAS/include kernels.cpp -o kernels -L DNNL -L OPENBLAS -ldnnl -lopenblas
//   OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ./kernels [part of a name]
//
// Peers: openblas; onednn (operands and results in plain row-major or NHWC order); onednn-any (memory in
// whatever order the library likes best, and put into it beforehand).
#include <algorithm>
#include <cblas.h>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <oneapi/dnnl/dnnl.hpp>
#include <random>
#include <string>
#include <vector>

using namespace dnnl;
using Dims = memory::dims;
using Desc = memory::desc;
using Tag = memory::format_tag;
using Work = std::function<void()>;

static const char *wanted = "";
static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Median seconds of one call: 0.2 s of warm-up, 0.3 s of samples of at least 50 us.
static double median(const Work &work) {
  double end = now() + 0.2, last;
  int calls = 0;
  do {
    double before = now();
    work();
    last = now() - before;
  } while (++calls < 5 || now() < end);
  int inner = std::max(1, int(50e-6 / last));
  int samples = std::clamp(int(0.3 / (last * inner)), 5, 1000);
  std::vector<double> times;
  for (int i = 0; i < samples; i++) {
    double before = now();
    for (int j = 0; j < inner; j++) work();
    times.push_back((now() - before) / inner);
  }
  std::sort(times.begin(), times.end());
  return times[samples / 2];
}

static void report(const char *peer, const std::string &name, double flop, const Work &work) {
  if (!strstr(name.c_str(), wanted)) return;
  double s = median(work);
  const char *line = "{\"peer\":\"%s\",\"workload\":\"kernels\",\"metric\":\"%s_%s\",\"value\":%.6g}\n";
  printf(line, peer, name.c_str(), "us", s * 1e6);
  printf(line, peer, name.c_str(), "gflops", flop / s / 1e9);
  fflush(stdout);
}

static std::vector<float> random(size_t size) {
  static std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(size);
  for (float &value : values) value = uniform(generator);
  return values;
}

static memory filled(const Desc &desc) {
  memory target(desc, cpu);
  std::vector<float> values = random(desc.get_size() / sizeof(float));
  memcpy(target.get_data_handle(), values.data(), values.size() * sizeof(float));
  return target;
}

// [m, k] x [k, n]; where transposed, the first operand lies in memory as [k, m].
static void product(std::string name, bool transposed, int m, int k, int n) {
  if (name.empty())
    name = "matmul" + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) + (transposed ? "_transposed" : "");
  double flop = 2.0 * m * k * n;
  std::vector<float> a = random(size_t(m) * k), b = random(size_t(k) * n), c(size_t(m) * n);
  report("openblas", name, flop, [&] {
    cblas_sgemm(CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m, n, k, 1, a.data(),
                transposed ? m : k, b.data(), n, 0, c.data(), n);
  });
  for (bool any : {false, true}) {
    auto f32 = memory::data_type::f32;
    matmul::primitive_desc plan(cpu, Desc({m, k}, f32, any ? Tag::any : transposed ? Tag::ba : Tag::ab),
                                Desc({k, n}, f32, any ? Tag::any : Tag::ab), Desc({m, n}, f32, Tag::ab));
    memory x = filled(plan.src_desc()), w = filled(plan.weights_desc()), y(plan.dst_desc(), cpu);
    matmul call(plan);
    report(any ? "onednn-any" : "onednn", name, flop, [&] {
      call.execute(queue, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, y}});
      queue.wait();
    });
  }
}

// [batch, side, side, in] with windows [kernel, kernel, in, out], SAME.
static void convolution(int batch, int side, int in, int kernel, int out) {
  std::string name = "conv" + std::to_string(batch) + "x" + std::to_string(side) + "x" + std::to_string(side) + "x" +
                     std::to_string(in) + "_" + std::to_string(kernel) + "x" + std::to_string(kernel) + "x" + std::to_string(out);
  double flop = 2.0 * batch * out * side * side * in * kernel * kernel;
  auto f32 = memory::data_type::f32;
  Dims step{1, 1}, pad{kernel / 2, kernel / 2};
  for (bool any : {false, true}) {
    const char *peer = any ? "onednn-any" : "onednn";
    Tag images = any ? Tag::any : Tag::nhwc;
    Desc x({batch, in, side, side}, f32, images), w({out, in, kernel, kernel}, f32, Tag::any), y({batch, out, side, side}, f32, images);
    auto direct = algorithm::convolution_direct;
    convolution_forward::primitive_desc forward(cpu, prop_kind::forward_training, direct, x, w, y, step, pad, pad);
    memory fx = filled(forward.src_desc()), fw = filled(forward.weights_desc()), fy(forward.dst_desc(), cpu);
    convolution_forward f(forward);
    report(peer, name + "_forward", flop, [&] {
      f.execute(queue, {{DNNL_ARG_SRC, fx}, {DNNL_ARG_WEIGHTS, fw}, {DNNL_ARG_DST, fy}});
      queue.wait();
    });
    convolution_backward_data::primitive_desc data(cpu, direct, x, w, y, step, pad, pad, forward);
    memory dx(data.diff_src_desc(), cpu), dw = filled(data.weights_desc()), dy = filled(data.diff_dst_desc());
    convolution_backward_data d(data);
    report(peer, name + "_data", flop, [&] {
      d.execute(queue, {{DNNL_ARG_DIFF_SRC, dx}, {DNNL_ARG_WEIGHTS, dw}, {DNNL_ARG_DIFF_DST, dy}});
      queue.wait();
    });
    convolution_backward_weights::primitive_desc weights(cpu, direct, x, w, y, step, pad, pad, forward);
    memory wx = filled(weights.src_desc()), ww(weights.diff_weights_desc(), cpu), wy = filled(weights.diff_dst_desc());
    convolution_backward_weights g(weights);
    report(peer, name + "_weights", flop, [&] {
      g.execute(queue, {{DNNL_ARG_SRC, wx}, {DNNL_ARG_DIFF_WEIGHTS, ww}, {DNNL_ARG_DIFF_DST, wy}});
      queue.wait();
    });
  }
}

int main(int count, char **arguments) {
  if (count > 1) wanted = arguments[1];
  product("matmul1024", false, 1024, 1024, 1024);
  for (int n : {64, 256, 2048}) product("", false, n, n, n);
  product("", false, 100, 784, 10);
  product("", true, 784, 100, 10);
  product("", false, 128, 784, 512);
  product("", true, 784, 128, 512);
  product("", false, 128, 512, 10);
  product("", false, 1, 784, 10);
  product("", false, 1, 784, 512);
  convolution(50, 28, 1, 5, 32);
  convolution(50, 14, 32, 5, 64);
  convolution(32, 28, 64, 3, 64);
}
